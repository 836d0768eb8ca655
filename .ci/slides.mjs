// Opens every deck of slides in a headless browser, turns its slides by keys, opens its notes, and prints it; says what
// is wrong, one problem a line.
//
//     node .ci/slides.mjs [FOLDER]        FOLDER is book/book/teach/slides

import { readFileSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from './site.mjs';

const MOST = 12; // slides
const SCREEN = { width: 1280, height: 720 };
const PAPER = { width: 1122, height: 631 }; // 297 mm x 167 mm
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The decks in `folder`, which lies two folders deep in a site, how many slides they have, and all problems, as lines. */
export async function check(folder, browser) {
    const site = pathToFileURL(resolve(folder, '../..')).href;
    const decks = readdirSync(folder).filter(name => name.endsWith('.html')).sort();
    const problems = [];
    let count = 0;
    for (const deck of decks) {
        const say = problem => problems.push(`${deck}: ${problem}`);
        const context = await browser.newContext({ viewport: SCREEN });
        await context.route(address => /^(https?|file):/.test(address.href) && !address.href.startsWith(site), route => {
            say(`asks for ${route.request().url()}`);
            return route.abort();
        });
        const tab = await context.newPage();
        tab.on('pageerror', error => say(`uncaught: ${error.message}`));
        tab.on('console', message => message.type() === 'error' && say(`console: ${message.text()}`));
        await tab.goto(pathToFileURL(join(folder, deck)).href);
        await tab.evaluate(() => document.fonts.ready.then(() => new Promise(requestAnimationFrame)));
        const slides = await tab.locator('.slide').count();
        count += slides;
        if (slides < 2 || slides > MOST) say(`has ${slides} slides`);
        for (let n = 1; n <= slides; n++) {
            const seen = await tab.evaluate(() => [...document.querySelectorAll('.slide')].filter(s => s.checkVisibility()).length);
            if (seen !== 1) say(`slide ${n}: ${seen} slides are seen`);
            if (await tab.evaluate(() => location.hash) !== `#${n}`) say(`slide ${n}: the address is ${await tab.evaluate(() => location.hash)}`);
            (await tab.evaluate(beyond, n - 1)).forEach(problem => say(`slide ${n}: ${problem}`));
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
        await tab.setViewportSize(PAPER);
        await tab.emulateMedia({ media: 'print' });
        for (let n = 1; n <= slides; n++) {
            (await tab.evaluate(beyond, n - 1)).forEach(problem => say(`slide ${n} on paper: ${problem}`));
        }
        await context.close();
    }
    return { decks, count, problems };
}

// What follows runs in the page.

/** What of a slide reaches beyond its box, or beyond a box in it that would have to be scrolled. */
function beyond(index) {
    const slide = document.querySelectorAll('.slide')[index], box = slide.getBoundingClientRect();
    const name = element => element.localName + [...element.classList].map(c => `.${c}`).join('');
    const text = element => element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
    for (const element of slide.querySelectorAll('*')) {
        // Of a drawing or a formula the whole counts; what is for ears only is nowhere.
        if (!element.checkVisibility() || element.parentElement.closest('svg, math, .live-says') || element.matches('.live-says')) continue;
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const away = { right: right - box.right, left: box.left - left, bottom: bottom - box.bottom, top: box.top - top };
        const [side, far] = Object.entries(away).sort(([, a], [, b]) => b - a)[0];
        if (far > 1) return [`${name(element)} reaches ${Math.round(far)} px beyond its ${side}, "${text(element)}"`];
        const scrolls = ['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowX);
        const hidden = Math.max(element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight);
        if (scrolls && hidden > 1) return [`${name(element)} has ${hidden} px that are not seen, "${text(element)}"`];
    }
    return [];
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../book/book/teach/slides', import.meta.url)));
    const browser = await launch();
    const { decks, count, problems } = await check(folder, browser);
    await browser.close();
    problems.forEach(problem => console.log(problem));
    console.log(`${decks.length} decks, ${count} slides, ${problems.length} problems`);
    process.exitCode = problems.length || !decks.length ? 1 : 0;
}
