// Opens every deck of slides in a headless browser, turns its slides by keys, opens its notes, and prints it; says what
// is wrong, one problem a line.
//
//     node .ci/slides.mjs [FOLDER]        FOLDER is book/book/teach/slides

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from './site.mjs';

const MOST = 12; // slides
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../book/book/teach/slides', import.meta.url)));
const site = pathToFileURL(resolve(folder, '../..')).href;
const decks = readdirSync(folder).filter(name => name.endsWith('.html')).sort();

const browser = await launch();
const problems = [];
let count = 0;
for (const deck of decks) {
    const say = problem => problems.push(`${deck}: ${problem}`);
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    await context.route(address => /^(https?|file):/.test(address.href) && !address.href.startsWith(site), route => {
        say(`asks for ${route.request().url()}`);
        return route.abort();
    });
    const tab = await context.newPage();
    tab.on('pageerror', error => say(`uncaught: ${error.message}`));
    tab.on('console', message => message.type() === 'error' && say(`console: ${message.text()}`));
    await tab.goto(pathToFileURL(join(folder, deck)).href);
    const slides = await tab.locator('.slide').count();
    count += slides;
    if (slides < 2 || slides > MOST) say(`has ${slides} slides`);
    for (let n = 1; n <= slides; n++) {
        const seen = await tab.evaluate(() => [...document.querySelectorAll('.slide')].filter(s => s.checkVisibility()).length);
        if (seen !== 1) say(`slide ${n}: ${seen} slides are seen`);
        if (await tab.evaluate(() => location.hash) !== `#${n}`) say(`slide ${n}: the address is ${await tab.evaluate(() => location.hash)}`);
        const wide = await tab.evaluate(() => {
            const now = document.querySelector('.slide.now');
            return now.scrollWidth > now.clientWidth ? now.scrollWidth : 0;
        });
        if (wide) say(`slide ${n} is ${wide} px wide`);
        await tab.evaluate(AXE);
        const found = await tab.evaluate(() => axe.run('.slide.now', { runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations'] }));
        for (const { id, nodes } of found.violations) say(`slide ${n}: ${id}: ${nodes[0].target.join(' ')}`);
        await tab.evaluate(() => document.activeElement?.blur?.());
        await tab.keyboard.press('ArrowRight');
    }
    const [notes] = await Promise.all([context.waitForEvent('page'), tab.keyboard.press('n')]);
    await tab.keyboard.press('Home');
    const words = await notes.evaluate(() => document.body.innerText);
    if (!words.startsWith(`1 / ${slides}`)) say(`the notes say ${words.slice(0, 40)}`);
    await notes.close();
    const pdf = await tab.pdf({ preferCSSPageSize: true });
    const printed = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
    if (printed !== slides) say(`prints ${printed} pages for ${slides} slides`);
    await context.close();
}
await browser.close();
problems.forEach(problem => console.log(problem));
console.log(`${decks.length} decks, ${count} slides, ${problems.length} problems`);
process.exitCode = problems.length || !decks.length ? 1 : 0;
