// Reads the diagrams of pages with Mermaid's own parser:
//
//     node parse.mjs DIAGRAMS_MIN FILE.md...
//
// Each file must have at least DIAGRAMS_MIN blocks of code `mermaid`, each of which Mermaid accepts.
// What it does not accept is named as "FILE:LINE: what it says", and the exit code is 1.

import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { lexer, walkTokens } from "marked";

// Mermaid cleans labels with a library that wants a browser's window, before it is imported.
globalThis.window = new JSDOM("").window;
globalThis.document = globalThis.window.document;
const { default: mermaid } = await import("mermaid");

/** The blocks of code `mermaid` of a page, each with the line of its first line of code. */
function diagramsOf(text) {
    const diagrams = [];
    let from = 0;
    walkTokens(lexer(text), (token) => {
        if (token.type !== "code") return;
        const at = text.indexOf(token.raw, from);
        if (at >= 0) from = at + token.raw.length;
        if (token.lang !== "mermaid") return;
        diagrams.push({ text: token.text, line: text.slice(0, Math.max(at, 0)).split("\n").length + 1 });
    });
    return diagrams;
}

/** The line that Mermaid's message names, in the file. */
function lineOf(diagram, message) {
    const found = /on line (\d+)/.exec(message);
    return diagram.line + (found ? Number(found[1]) - 1 : 0);
}

const [diagramsMin, ...files] = process.argv.slice(2);
if (files.length === 0 || !(Number(diagramsMin) >= 1)) {
    console.error("usage: node parse.mjs DIAGRAMS_MIN FILE.md...");
    process.exit(2);
}
let accepted = 0;
let isGood = true;
for (const file of files) {
    const diagrams = diagramsOf(readFileSync(file, "utf8").replaceAll("\r\n", "\n"));
    if (diagrams.length < Number(diagramsMin)) {
        console.log(`${file}: expected at least ${diagramsMin} diagrams, found ${diagrams.length}`);
        isGood = false;
    }
    for (const diagram of diagrams) {
        try {
            await mermaid.parse(diagram.text);
            ++accepted;
        } catch (error) {
            const message = String(error?.message ?? error).split("\n");
            console.log(`${file}:${lineOf(diagram, message[0])}: ${message.join(" ")}`);
            isGood = false;
        }
    }
}
console.log(`${accepted} diagrams accepted in ${files.length} files`);
process.exitCode = isGood ? 0 : 1;
