// node explorer.mjs PARLEY FOLDER
//
// Walks through a protocol with the keyboard alone, in Debian's Chromium: over the page that `parley explore`
// serves and over the one that it writes, in light and in dark. Screenshots are left in FOLDER.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [parley, folderName] = process.argv.slice(2);
if (!folderName) {
    console.error("usage: node explorer.mjs PARLEY FOLDER");
    process.exit(2);
}
const folder = resolve(folderName);
mkdirSync(folder, { recursive: true });

/** Starts the server; resolves to its address when it says that it is there. */
function serve(args) {
    const server = spawn(parley, ["explore", ...args], { stdio: ["ignore", "pipe", "inherit"] });
    process.on("exit", () => server.kill());
    return new Promise((done, failed) => {
        let said = "";
        server.on("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
        server.stdout.on("data", (data) => {
            said += data;
            const found = /at (http:\S+)/.exec(said);
            if (found) done({ server, address: found[1] });
        });
    });
}

/** Ctrl-C ends it with exit code 0. */
function stop(server) {
    server.removeAllListeners("exit");
    return new Promise((done) => {
        server.on("exit", done);
        server.kill("SIGINT");
    });
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

async function open(address, colorScheme) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("request", (request) => {
        if (!request.url().startsWith(address.split("#")[0])) problems.push(`asks for ${request.url()}`);
    });
    await page.goto(address);
    await page.waitForSelector("#open li");
    return { page, problems };
}

const status = (page, text) => page.waitForFunction((wanted) => document.getElementById("status").textContent === wanted, text);
const textOf = (page, selector) => page.locator(selector).innerText();
const activeStates = (page) => page.locator("[data-active=true]").allTextContents();

/** From the start to a crossing and back, and on to the violation. */
async function walk(page) {
    await status(page, "after 0 steps");
    assert.deepEqual(await page.locator("button.step").allInnerTexts(), [
        "1\nrequester: make #1; sends Arm(round=1, completion=#1) (its script chooses 1 of 2)",
        "2\nrequester: make #1; sends Arm(round=1, completion=#1) (its script chooses 2 of 2)",
    ]);
    assert.deepEqual(await activeStates(page), ["idle", "idle"]);
    await page.keyboard.press("2");
    await status(page, "after 1 step");
    assert.match(await textOf(page, "#now"), /queue to notifier\s+Arm\(round=1, completion=#1\)/);
    assert.match(await textOf(page, "#now"), /#1\s+on its way to notifier/);
    assert.deepEqual(await activeStates(page), ["armed", "idle"]);
    assert.match(page.url(), /#1$/);
    // The second step with the arrows.
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await status(page, "after 2 steps");
    assert.match(page.url(), /#1\.1$/);
    assert.deepEqual(await activeStates(page), ["armed", "armed"]);
    await page.keyboard.press("ArrowLeft");
    await status(page, "after 1 step");
    await page.keyboard.press("ArrowRight");
    await status(page, "after 2 steps");
    await page.keyboard.press("Home");
    await status(page, "after 0 steps");
    await page.keyboard.press("c");
    await page.waitForFunction(() => document.getElementById("status").textContent.startsWith("violated: "));
    assert.match(await textOf(page, "#properties"), /exactly once\s+broken: /);
    assert.match(await textOf(page, "#open"), /none: a property is broken/);
    const shared = page.url();
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => document.querySelectorAll("button.step.breaking").length > 0);
    return shared;
}

const variant = ["cancelable_one_shot", "--mutant", "both_outcomes", "--set", "rounds=2"];
const trace = resolve(folder, "relacy.json");
spawnSync(parley, ["check", "cancelable_one_shot", "--mutant", "both_outcomes", "--engine", "relacy", "--json", trace]);

const { server, address } = await serve([...variant, "--trace", trace]);
for (const scheme of ["light", "dark"]) {
    const { page, problems } = await open(address, scheme);
    const shared = await walk(page);
    await page.screenshot({ path: resolve(folder, `served_${scheme}.png`), fullPage: true });
    // Another one opens the address that was shared.
    const elsewhere = await open(shared, scheme);
    await elsewhere.page.waitForFunction(() => document.getElementById("status").textContent.startsWith("violated: "));
    await elsewhere.page.screenshot({ path: resolve(folder, `violated_${scheme}.png`), fullPage: true });
    // A counterexample of another engine is shown with its memory operations, event by event.
    await elsewhere.page.keyboard.press("c");
    await elsewhere.page.keyboard.press("c");
    assert.match(await textOf(elsewhere.page, "#open"), /relacy/);
    assert.match(await elsewhere.page.locator("#chart").textContent(), /spsc_queue\.hpp/);
    await elsewhere.page.keyboard.press("ArrowLeft");
    assert.match(await textOf(elsewhere.page, "#status"), /^event \d+$/);
    assert.deepEqual([...problems, ...elsewhere.problems], []);
}
// An address that leads nowhere says so.
const lost = await browser.newPage();
await lost.goto(`${address}#9`);
await status(lost, "there is no step 9 after 0 steps");
assert.equal(await stop(server), 0);

const file = resolve(folder, "walk.html");
const written = spawnSync(parley, ["explore", ...variant, "--html", file], { encoding: "utf8" });
assert.equal(written.status, 0, written.stderr);
assert.match(written.stdout, /places, all there are/);
const { page, problems } = await open(pathToFileURL(file).href, "light");
await walk(page);
await page.screenshot({ path: resolve(folder, "file_light.png"), fullPage: true });
assert.deepEqual(problems, []);

await browser.close();
console.log("walked");
