# sh sarif.sh FILE.sarif...
#
# The SARIF SDK's validator, which knows the schema and the rules of the standard that a schema cannot say.
# Exit code 1 if it finds an error in any of the files.

tool=$(dirname -- "$0")/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
chmod +x -- "$tool"
code=0
for file; do
    said=$(DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$tool" validate "$file" 2>&1) || code=1
    printf '%s\n' "$said"
    case $said in
        *": error "* | *skipped*) code=1 ;;
        *"Analysis completed successfully"*) ;;
        *) code=1 ;;
    esac
done
exit "$code"
