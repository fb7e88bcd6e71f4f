// node schema.mjs SCHEMA FILE...: each file is what the JSON Schema (2020-12) says, or the exit code is 1.

import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const [schema, ...files] = process.argv.slice(2);
if (files.length === 0) {
    console.error("usage: node schema.mjs SCHEMA FILE...");
    process.exit(2);
}
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(read(schema));
for (const file of files) {
    if (validate(read(file))) {
        console.log(`${file}: valid`);
        continue;
    }
    const [error] = validate.errors;
    console.log(`${file}: ${error.instancePath || "/"} ${error.message}`);
    process.exitCode = 1;
}
