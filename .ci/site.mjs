// Opens every page of a built book in a headless browser and says what is wrong with it, one problem a line.
//
//     node .ci/site.mjs [FOLDER]        FOLDER is book/book
//
// The browser is $CHROMIUM, or the Chromium or Chrome of the system. Nothing outside the folder is ever asked for.

import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const THEMES = ['light', 'navy'];
const WIDTHS = [390, 1280];
const ZOOMED = 320; // 1280 px, four times as large
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const HEAVIEST = 25_000; // bytes of a page, gzipped
const HEAVIEST_INDEX = 100_000; // of the index of the search
const SHIFT = 0.02; // how much of a page may move while it loads
const WORD = 'variance'; // what the search must find
// What readers of the book type, and a page that must be among the first four.
const SOUGHT = {
    sigma: /^(symbols|notation|density)/, 'σ': /^(symbols|notation|density)/, 'k-means': /^(k_means|start)/, kmeans: /^(k_means|start)/,
    'log-likelihood': /^em/, responsibility: /^(notation|symbols|e_step)/, galaxies: /^selection/, emfit: /^fit/,
    'standard deviation': /^(notation|symbols|density|sampling)/, squarem: /^acceleration/, bic: /^selection/,
};

// The instructor's book lies in a folder of the site, and each of the two has a navigation of its own.
const bookOf = page => page.startsWith('teach/') ? 'teach/' : '';

// mdBook's pages that are no chapters: the whole book in one, the one for wrong addresses, the contents as a frame.
const [PRINT, MISSING, CONTENTS] = ['print.html', '404.html', 'toc.html'];

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TYPES = {
    '.css': 'text/css',
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.json': 'application/json',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
    '.wasm': 'application/wasm',
    '.woff2': 'font/woff2',
};

/** The Chromium or Chrome that is named, or that of the system. */
export function browserPath() {
    return process.env.CHROMIUM || ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
}

/** A browser without what talks to others. */
export const FLAGS = ['--disable-gpu', '--disable-quic', '--disable-sync', '--disable-background-networking',
    '--disable-component-update', '--no-first-run'];

/** A browser without a sandbox, which root may not have: it opens nothing but our own pages. */
export function launch() {
    return chromium.launch({ executablePath: browserPath(), chromiumSandbox: false, args: FLAGS });
}

/** The pages of the site in `folder`, and all its problems, as lines. `sought` is what its search must find. */
export async function check(folder, browser, sought = {}) {
    folder = realpathSync(folder);
    const files = readdirSync(folder, { recursive: true }).filter(name => statSync(join(folder, name)).isFile());
    // Slides are no pages: .ci/slides.mjs looks at them.
    const isPage = name => name.endsWith('.html') && !name.startsWith('teach/slides/');
    const pages = files.map(name => name.split(sep).join('/')).filter(isPage).sort();
    if (!pages.includes('index.html')) return { pages, problems: ['index.html: there is no such page'] };

    const site = await serve(folder);
    const found = new Map(); // "page: problem" -> the circumstances in which it shows
    const report = (page, circumstance, problem) => {
        const line = `${page}: ${problem}`.replaceAll(site.home, '').replace(/\s+/g, ' ');
        found.set(line, (found.get(line) ?? new Set()).add(circumstance));
    };
    for (const page of pages) {
        const weight = gzipSync(readFileSync(join(folder, page))).length;
        if (weight > HEAVIEST && !page.endsWith(PRINT)) report(page, 'files', `weighs ${weight} bytes gzipped`);
    }
    for (const name of files.filter(name => /^search-\w+\.js$/.test(name))) {
        const weight = gzipSync(readFileSync(join(folder, name))).length;
        if (weight > HEAVIEST_INDEX) report(name, 'files', `weighs ${weight} bytes gzipped`);
    }

    const references = []; // { page, url, tag, rel } of everything that a page refers to
    const collect = async (tab, page) => {
        for (const reference of await tab.evaluate(listReferences)) references.push({ page, ...reference });
    };
    const ids = new Map(); // page -> its ids
    const home = pathToFileURL(folder + sep).href;

    // As each of these readers, in a tab of its own, one page after the other.
    const readers = [];
    for (const theme of THEMES) {
        for (const width of WIDTHS) {
            readers.push(read(browser, { theme, width }, site.home, pages, `${theme} ${width}`, report, async (tab, page, say) => {
                await collect(tab, page);
                await looksRight(tab, say);
                if (page !== PRINT) (await tab.evaluate(collides)).forEach(say);
                const shift = page === PRINT ? 0 : await tab.evaluate(layoutShift);
                if (shift > SHIFT) say(`moves while it loads, by ${shift.toFixed(2)}`);
                const unfolded = problem => report(page, `${theme} ${width} unfolded`, problem);
                if (await tab.evaluate(unfold)) await looksRight(tab, unfolded, 'details');
            }));
        }
        readers.push(read(browser, { theme, width: WIDTHS[0] }, site.home, ['index.html'], `search ${theme}`, report, async (tab, page, say) => {
            await searches(tab, say);
            await collect(tab, page);
            await looksRight(tab, say);
        }));
    }
    readers.push(read(browser, { width: WIDTHS[1] }, home, ['index.html'], 'search from file://', report, (tab, _, say) => searches(tab, say)));
    if (Object.keys(sought).length) {
        readers.push(read(browser, { width: WIDTHS[1] }, site.home, ['index.html'], 'search', report, (tab, _, say) => finds(tab, sought, say)));
    }
    readers.push(read(browser, { width: ZOOMED }, site.home, pages, 'four times as large', report, async (tab, page, say) => {
        await tab.evaluate(settle);
        await tab.evaluate(unfold);
        if (page !== PRINT) (await tab.evaluate(sticksOut)).forEach(say);
    }));
    readers.push(read(browser, { width: WIDTHS[1], reducedMotion: 'reduce', forcedColors: 'active' }, site.home, pages, 'still, in forced colours', report, async (tab, page, say) => {
        if (page === PRINT || page === CONTENTS) return;
        (await tab.evaluate(movesOrHides)).forEach(say);
        await skips(tab, say);
    }));
    const plain = { width: WIDTHS[0], javaScriptEnabled: false };
    readers.push(read(browser, plain, site.home, pages, 'no JavaScript', report, async (tab, page, say) => {
        await collect(tab, page);
        const all = await tab.evaluate(listIds);
        ids.set(page, new Set(all));
        all.filter((id, i) => all.indexOf(id) < i).forEach(id => say(`the id ${id} is there more than once`));
        if (page.slice(bookOf(page).length) === CONTENTS) return;

        if (!await tab.evaluate(showsText)) say('main shows no text');
        (await tab.evaluate(namelessFrames)).forEach(say);
        await tab.evaluate(unfold);
        (await tab.evaluate(sticksOut)).forEach(say);
        const links = (await Promise.all(tab.frames().map(frame => frame.evaluate(listNavigation)))).flat();
        const reached = new Set(links.map(link => site.file(new URL(link))));
        const own = other => bookOf(other) === bookOf(page);
        const isChapter = other => ![PRINT, MISSING, CONTENTS, 'index.html'].includes(other.slice(bookOf(other).length));
        pages.filter(other => own(other) && isChapter(other) && !reached.has(other))
            .forEach(other => say(`the navigation does not lead to ${other}`));
    }));
    await Promise.all(readers);
    await site.close();

    for (const { page, url, tag, rel } of references) {
        const problem = dangles(url, tag, rel, site, files, ids);
        if (problem) report(page, 'links', problem);
    }
    const problems = [...found].map(([line, circumstances]) => `${line} [${[...circumstances].sort().join(', ')}]`).sort();
    return { pages, problems };
}

/** Serves the folder, packed by gzip if that is asked for, below the path that the page for wrong addresses names as its base, as the site will be. */
export async function serve(folder, packed = false) {
    const missing = join(folder, MISSING);
    const base = (existsSync(missing) && /<base href="([^"]*)"/.exec(readFileSync(missing, 'utf8'))?.[1]) || '/';
    const file = url => {
        if (!url.pathname.startsWith(base)) return undefined;
        const name = decodeURIComponent(url.pathname.slice(base.length));
        return name === '' || name.endsWith('/') ? `${name}index.html` : name;
    };
    const server = createServer((request, response) => {
        const name = file(new URL(request.url, 'http://localhost'));
        const path = name?.endsWith(`/${MISSING}`) ? missing : resolve(folder, name ?? '');
        if (name === undefined || !path.startsWith(folder + sep) || !existsSync(path) || statSync(path).isDirectory()) {
            response.writeHead(404).end('no such file');
        } else {
            const type = TYPES[extname(path)] ?? 'application/octet-stream', pack = packed && /text|svg|json/.test(type);
            response.writeHead(200, { 'content-type': type, ...(pack ? { 'content-encoding': 'gzip' } : {}) });
            response.end(pack ? gzipSync(readFileSync(path)) : readFileSync(path));
        }
    });
    await new Promise(listening => server.listen(0, '127.0.0.1', listening));
    const origin = `http://127.0.0.1:${server.address().port}`;
    const close = () => {
        server.closeAllConnections();
        return new Promise(closed => server.close(closed));
    };
    return { origin, home: origin + base, file, close };
}

/** Opens the pages in turn, reports whatever the browser has to complain of, and lets `look` look at each. */
async function read(browser, { theme, width, ...reader }, home, pages, circumstance, report, look) {
    const context = await browser.newContext({ ...reader, viewport: { width, height: 900 } });
    context.setDefaultTimeout(120_000); // of a machine that does other things as well
    await context.addInitScript(theme => {
        window.print = () => {}; // print.html opens the dialogue by itself
        if (theme) localStorage.setItem('mdbook-theme', theme);
    }, theme);
    let page;
    const say = problem => report(page, circumstance, problem);
    const leaves = address => /^(https?|file):/.test(address) && !address.startsWith(home);
    await context.route(address => leaves(address.href), route => {
        say(`asks for ${route.request().url()}, which is not in the site`);
        return route.abort();
    });
    const tab = await context.newPage();
    tab.on('console', message => {
        if (!['error', 'warning'].includes(message.type())) return;
        if (message.text().startsWith('Failed to load resource')) return; // said below, with its address
        say(`console ${message.type()}: ${message.text()}`);
    });
    tab.on('pageerror', error => say(`uncaught: ${error.message ?? error}`));
    tab.on('response', response => {
        if (response.status() >= 400) say(`${response.url()} answers ${response.status()}`);
    });
    tab.on('requestfailed', request => {
        const reason = request.failure().errorText;
        if (reason !== 'net::ERR_ABORTED' && !leaves(request.url())) say(`${request.url()} fails: ${reason}`);
    });
    for (page of pages) {
        try {
            await tab.goto(home + (page === MISSING ? `no/such/${page}` : page));
            await look(tab, page, say);
        } catch (error) {
            say(`cannot be checked: ${error.message}`);
        }
    }
    await context.close();
}

/** Nothing wider than the page, and nothing that axe objects to, in the whole page or in the elements selected. */
async function looksRight(tab, say, selector = 'html') {
    await tab.evaluate(settle);
    (await tab.evaluate(sticksOut)).forEach(say);
    await tab.evaluate(AXE);
    (await tab.evaluate(violations, { selector, rules: RULES })).forEach(say);
}

/** Types a word into the search box as a reader does. */
async function searches(tab, say) {
    try {
        await tab.click('#mdbook-search-toggle');
        await tab.locator('#mdbook-searchbar').pressSequentially(WORD);
        await tab.waitForSelector('#mdbook-searchresults a[href]', { timeout: 10_000 });
    } catch (error) {
        say(`the search does not find "${WORD}": ${error.message.split('\n')[0]}`);
    }
}

/** Types what readers look for, and looks at the first four results. */
async function finds(tab, sought, say) {
    await tab.click('#mdbook-search-toggle');
    for (const [words, page] of Object.entries(sought)) {
        await tab.fill('#mdbook-searchbar', '');
        await tab.waitForFunction(() => !document.querySelector('#mdbook-searchresults a'));
        await tab.fill('#mdbook-searchbar', words);
        await tab.waitForSelector('#mdbook-searchresults a[href]', { timeout: 10_000 }).catch(() => {});
        const found = await tab.$$eval('#mdbook-searchresults a[href]', links => links.map(link => link.getAttribute('href')));
        if (!found.slice(0, 4).some(name => page.test(name))) say(`the search for "${words}" finds ${found.slice(0, 4).join(', ') || 'nothing'} first`);
    }
}

/** By keys alone: the first of them leads to a link, and that to the text. */
async function skips(tab, say) {
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await tab.waitForTimeout(100);
    const there = await tab.evaluate(() => Boolean(document.activeElement?.closest('main')));
    if (!there) say('the first link does not lead to the text');
}

/** What is wrong with a reference, if anything. */
function dangles(address, tag, rel, site, files, ids) {
    let url;
    try {
        url = new URL(address);
    } catch {
        return `refers to ${address}, which is no address`;
    }
    if (!/^https?:$/.test(url.protocol)) return undefined;
    if (url.origin !== site.origin) {
        return tag === 'a' || rel === 'canonical' ? undefined : `needs ${address}, which is not in the site`;
    }
    const name = site.file(url);
    if (name === undefined || !files.includes(name.split('/').join(sep))) return `refers to ${address}: no such file`;
    const id = decodeURIComponent(url.hash.slice(1));
    if (id && id !== 'top' && ids.has(name) && !ids.get(name).has(id)) return `refers to ${address}: no such id`;
    return undefined;
}

// What follows runs in the page. Where JavaScript is off, it may not wait for anything.

/** Everything that the page refers to, resolved. */
function listReferences() {
    return [...document.querySelectorAll('[*|href]:not(base), [src]')].map(element => {
        const address = element.getAttribute('src') ?? element.getAttribute('href') ?? element.getAttribute('xlink:href');
        const url = URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : address;
        return { url, tag: element.localName, rel: element.getAttribute('rel') };
    });
}

function listIds() {
    return [...document.querySelectorAll('[id]')].map(element => element.id);
}

/** Where the navigation leads; in the frame of contents, all of it is navigation. */
function listNavigation() {
    return [...document.querySelectorAll(window.top === window ? 'nav a[href]' : 'a[href]')].map(link => link.href);
}

function namelessFrames() {
    return [...document.querySelectorAll('iframe:not([title]):not([aria-label])')]
        .map(frame => `the frame of ${frame.getAttribute('src')} has no title`);
}

function showsText() {
    const main = document.querySelector('main');
    return Boolean(main?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && main.innerText.trim());
}

/** Opens what is folded away; says whether there was anything. */
function unfold() {
    const folded = document.querySelectorAll('details:not([open])');
    folded.forEach(details => { details.open = true; });
    return folded.length > 0;
}

/** Fonts there, events handled, nothing moving. */
async function settle() {
    await document.fonts.ready;
    await new Promise(later => setTimeout(later, 20));
    for (const animation of document.getAnimations()) {
        if (animation.effect.getTiming().iterations === Infinity) animation.cancel();
        else animation.finish();
    }
}

/** How much of the page has moved so far that nobody had asked for. */
function layoutShift() {
    return new Promise(done => {
        let sum = 0;
        const observer = new PerformanceObserver(list => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
        });
        observer.observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 100);
    });
}

/** For who wants no motion and brings colours along: what moves all the same, and lines that are not seen. */
function movesOrHides() {
    const faults = [];
    if (getComputedStyle(document.documentElement).scrollBehavior === 'smooth') faults.push('scrolls smoothly');
    const moving = document.getAnimations().length;
    if (moving) faults.push(`${moving} animations run`);
    for (const figure of document.querySelectorAll('svg.fig')) {
        const ground = getComputedStyle(figure).backgroundColor;
        for (const line of figure.querySelectorAll('.fig-line')) {
            if (getComputedStyle(line).stroke === ground) {
                faults.push(`a line of ${figure.querySelector('title')?.textContent} has the colour of its ground`);
                break;
            }
        }
    }
    return faults;
}

/** Which words of a figure lie upon each other; of a line of text the middle half counts, which is ink. */
function collides() {
    const faults = [];
    for (const figure of document.querySelectorAll('svg.fig')) {
        if (!figure.checkVisibility()) continue;
        const boxes = [...figure.querySelectorAll('text')].map(text => {
            const { left, right, top, bottom, height } = text.getBoundingClientRect();
            return { words: text.textContent, left, right, top: top + height / 4, bottom: bottom - height / 4 };
        });
        const over = (a, b) => Math.min(a.right, b.right) > Math.max(a.left, b.left) && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);
        boxes.forEach((a, i) => boxes.slice(i + 1).filter(b => over(a, b)).forEach(b => {
            faults.push(`of ${figure.querySelector('title')?.textContent} "${a.words}" and "${b.words}" lie upon each other`);
        }));
    }
    return faults;
}

/** Whether the page, or a box that holds all its text, scrolls sideways, and for which element. */
function sticksOut() {
    const style = element => getComputedStyle(element).overflowX;
    const name = element => [element.localName, element.id && `#${element.id}`, ...[...element.classList].map(c => `.${c}`)].join('');
    const text = element => element.textContent.trim().slice(0, 40);
    for (let box = document.querySelector('main') ?? document.body; box; box = box.parentElement) {
        const page = box === document.body || box === document.documentElement;
        if (box.scrollWidth <= box.clientWidth || (!page && style(box) === 'visible')) continue;
        let [widest, right] = [box, -Infinity];
        for (const element of box.querySelectorAll('*')) {
            const { left, right: own } = element.getBoundingClientRect();
            const edge = style(element) === 'visible' ? Math.max(own, left + element.scrollWidth) : own;
            let holder = element.parentElement;
            while (holder !== box && style(holder) === 'visible') holder = holder.parentElement;
            if (holder === box && edge >= right) [widest, right] = [element, edge];
        }
        widest = widest.closest('math, svg') ?? widest;
        return [`${name(box)} scrolls sideways, ${box.scrollWidth} px in ${box.clientWidth}, for ${name(widest)}, "${text(widest)}"`];
    }
    // A table of which each row is a card has no columns that could scroll.
    return [...document.querySelectorAll('.cards')].filter(box => innerWidth < 768 && box.scrollWidth > box.clientWidth + 1)
        .map(box => `a table of cards scrolls sideways, ${box.scrollWidth} px in ${box.clientWidth}, "${text(box)}"`);
}

/** What axe objects to, an element each. */
async function violations({ selector, rules }) {
    const { violations } = await axe.run(selector, { runOnly: rules, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
        `${id}: ${target.join(' ')}: ${failureSummary.split('\n').slice(1).map(line => line.trim()).join('; ')}`));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const folder = process.argv[2] ?? fileURLToPath(new URL('../book/book', import.meta.url));
    const browser = await launch();
    const { pages, problems } = await check(folder, browser, SOUGHT);
    await browser.close();
    problems.forEach(problem => console.log(problem));
    console.log(`${pages.length} pages, ${problems.length} problems`);
    process.exitCode = problems.length ? 1 : 0;
}
