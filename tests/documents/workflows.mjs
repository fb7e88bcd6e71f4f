// node workflows.mjs README.md PARLEY: runs what the ready workflows in the README run, side by side, each
// line by line in an empty folder in which ./parley is the command PARLEY. Each line must end with exit code
// 0, and the files that the workflows hand on must be there then. One of them checks everything, the other one
// differs in what it writes, and checks one protocol here.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

const [readme, parley] = process.argv.slice(2);
if (!parley) {
    console.error("usage: node workflows.mjs README.md PARLEY");
    process.exit(2);
}

// The indented block behind a paragraph that begins with `title`.
function block_after(title) {
    const lines = readFileSync(readme, "utf8").split("\n");
    const from = lines.findIndex((line) => line.startsWith(title));
    if (from < 0) throw new Error(`${readme}: there is no workflow for ${title}`);
    const begin = lines.findIndex((line, i) => i > from && line.startsWith("    "));
    const length = lines.slice(begin).findIndex((line) => line !== "" && !line.startsWith("    "));
    return parse(lines.slice(begin, begin + length).map((line) => line.slice(4)).join("\n"));
}

// Every value of a member `key`, however deep.
function all(key, tree) {
    if (tree === null || typeof tree !== "object") return [];
    return Object.entries(tree).flatMap(([name, value]) => (name === key ? [value].flat() : all(key, value)));
}

async function run(title, scripts, artifacts, only = "") {
    const workflow = block_after(title);
    const lines = scripts.flatMap((key) => all(key, workflow)).flatMap((script) => script.trim().split("\n"))
        .map((line) => line + only);
    const files = artifacts.flatMap((key) => all(key, workflow));
    if (lines.length === 0 || files.length === 0) throw new Error(`${title}: the workflow does nothing`);
    const folder = mkdtempSync(join(tmpdir(), "parley-workflow-"));
    try {
        symlinkSync(parley, join(folder, "parley"));
        const env = { ...process.env, GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
        for (const line of lines) {
            console.log(`${title} ${line}`);
            const child = spawn("sh", ["-ec", line], { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
            const [status] = await once(child, "close");
            if (status !== 0) throw new Error(`${line}: exit code ${status}`);
        }
        for (const file of files) {
            if (!existsSync(join(folder, file))) throw new Error(`${title} ${file} was not written`);
        }
    } finally {
        rmSync(folder, { recursive: true });
    }
    return lines.length;
}

const counts = await Promise.all([
    run("GitHub Actions", ["run"], ["sarif_file"]),
    run("GitLab", ["script"], ["junit"], " send"),
]);
console.log(`ran ${counts[0] + counts[1]} lines of 2 workflows`);
