// node xml.mjs FILE...: each file is well-formed XML, or the exit code is 1.

import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const files = process.argv.slice(2);
if (files.length === 0) {
    console.error("usage: node xml.mjs FILE...");
    process.exit(2);
}
for (const file of files) {
    try {
        new JSDOM(readFileSync(file, "utf8"), { contentType: "text/xml" });
        console.log(`${file}: well-formed`);
    } catch (error) {
        console.log(`${file}: ${error.message}`);
        process.exitCode = 1;
    }
}
