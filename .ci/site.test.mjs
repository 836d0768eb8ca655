// Every check of site.mjs can fail: a small good site passes, and each way of spoiling it is reported, and nothing else.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { check, launch } from './site.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const page = (main, head = '') => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>
    body { margin: 0; color: #222; background: #fff } body.navy { color: #ddd; background: #112 }
    a { color: inherit } .content { overflow-y: auto } main { padding: 8px }
    .skip { position: absolute; left: -999px }
</style>${head}</head><body><a class="skip" href="#main" onclick="document.getElementById('main').focus(); return false">Skip</a>
<script>document.body.className = localStorage.getItem('mdbook-theme')</script>
<nav aria-label="Contents"><noscript><iframe src="toc.html" title="Contents"></iframe></noscript></nav>
<button id="mdbook-search-toggle">Search</button><input id="mdbook-searchbar" aria-label="Search for">
<ul id="mdbook-searchresults"></ul><script src="search.js"></script>
<div class="content"><main id="main" tabindex="-1">${main}</main></div>
</body></html>`;

const contents = names => `<!DOCTYPE html><html lang="en"><title>Contents</title>
${names.map(name => `<p><a href="${name}">${name}</a></p>`).join('')}</html>`;

const found = '<li><a href="index.html#top">the variance</a></li>';
const search = results => `document.getElementById('mdbook-searchbar').onkeyup = async event => {
    if (event.target.value === 'variance') document.getElementById('mdbook-searchresults').innerHTML = ${results};
}`;

/** What the check says of a site with these files, and contents that list all its pages. */
async function problems(files) {
    const folder = mkdtempSync(join(tmpdir(), 'site-'));
    const usual = {
        'index.html': page('<h1 id="a">Good</h1>'),
        'toc.html': contents(Object.keys(files)),
        'search.js': search(`'${found}'`),
    };
    for (const [name, text] of Object.entries({ ...usual, ...files })) {
        if (text === undefined) continue;
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
    }
    try {
        return (await check(folder, browser)).problems;
    } finally {
        rmSync(folder, { recursive: true });
    }
}

const heavy = page(`Long${'<!-- -->'.repeat(9)}`).replaceAll('<!-- -->', () => `<!-- ${randomBytes(20_000).toString('hex')} -->`);
const wide = '<p class="wide" style="width: 2000px">a</p>';
const grey = '<p id="grey">pale</p>';
const pixel = '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">';
const folded = text => `<details><summary>More</summary>${text}</details>`;
const style = text => `<style>${text}</style>`;
const script = text => `<script>${text}</script>`;

// A page each: what spoils it, and all that may be said of it.
const spoiled = {
    'an error on the console': [page(script('console.error("oh")')), /console error: oh .*light 390/, /main shows no text/],
    'a warning on the console': [page(`a${script('console.warn("oh")')}`), /console warning: oh/],
    'an uncaught exception': [page(`a${script('throw Error("oh")')}`), /uncaught: oh/],
    'a script that is not there': [page('a<script src="none.js"></script>'), /none.js answers 404/, /none.js: no such file/],
    'a request that leaves the site': [
        page(`a${script('fetch("http://127.0.0.1:9/").catch(() => {})')}`),
        /asks for http:\/\/127.0.0.1:9\/, which is not in the site/,
    ],
    'a picture from elsewhere': [
        page('<img alt="a" src="https://example.org/a.png">a'),
        /asks for https:\/\/example.org\/a.png/,
        /needs https:\/\/example.org\/a.png/,
    ],
    'a hint that leads elsewhere': [page('a', '<link rel="preconnect" href="https://example.org/">'), /needs https:\/\/example.org\//],

    'a wide element': [page(wide), /sideways, \d+ px in 390, for p.wide, .*navy 390/, /sideways, \d+ px in 1280, for p.wide/, /320.*four times as large/],
    'a wide element on a phone': [page('<p style="width: 400px">a</p>'), /sideways, \d+ px in 390, for p, "a" /, /320.*four times as large/],
    'cards that scroll': [page('<div class="cards" style="overflow-x: auto"><p style="width: 700px">a</p></div>'), /cards scrolls sideways, 700 px in \d+, "a" .*navy 390/, /cards.*four times as large/],
    'a wide element that is cut off': [page(wide, style('html, body, .content { overflow: hidden }')), /390, for p.wide/, /1280, for p.wide/, /320.*four times as large/],
    'a long line': [page(`<pre>${'x'.repeat(99)}</pre>`), /sideways, \d+ px in 390, for pre/, /320.*four times as large/],
    'a wide element, folded away': [page(folded('<p style="width: 400px">a</p>')), /for p, "a" \[.*light 390 unfolded/, /320.*four times as large/],

    'pale text': [page(grey, style('#grey { color: #ccc }')), /color-contrast: #grey: .*light (390|1280)/],
    'pale text in the dark theme': [page(grey, style('.navy #grey { color: #446 }')), /color-contrast: #grey: .*\[navy \d+, navy \d+\]/],
    'pale text on a phone': [
        page(grey, style('.light #grey { color: #222 } @media (width < 400px) { .light #grey { color: #ccc } }')),
        /color-contrast: #grey: .*\[light 390\]/,
    ],
    'an unnamed picture, folded away': [page(folded(`a${pixel}`)), /image-alt: img: .*light 1280 unfolded/],

    'a heavy page': [heavy, /weighs \d{6} bytes gzipped/],

    'a page that moves while it loads': [
        page(`<p style="height: 400px; background: #eee">a</p>${script('setTimeout(() => document.querySelector("main").prepend(Object.assign(document.createElement("div"), { style: "height: 300px" })), 30)')}`, style('main { min-height: 600px; background: #fff }')),
        /moves while it loads, by 0/,
    ],
    'a small target': [page('<button style="width: 9px; height: 9px; padding: 0; border: 0; font-size: 9px">a</button><button style="width: 9px; height: 9px; padding: 0; border: 0; font-size: 9px">b</button>'), /target-size: /],
    'a wide element, four times as large': [page('<p style="width: 350px">a</p>'), /350|four times as large/],
    'smooth scrolling for who wants none': [page('a', style('html { scroll-behavior: smooth }')), /scrolls smoothly \[still/],
    'a line that forced colours hide': [
        page('<svg class="fig" role="img" aria-label="a"><title>T</title><path class="fig-line" d="M0 0h9"/></svg>a', style('.fig { forced-color-adjust: none; background: #fff } .fig-line { stroke: #fff }')),
        /a line of T has the colour of its ground/,
    ],
    'labels that lie upon each other': [
        page('<svg class="fig" role="img" aria-label="a"><title>T</title><text x="9" y="30">one</text><text x="30" y="32">two</text></svg>a'),
        /of T "one" and "two" lie upon each other \[light 1280, light 390, navy 1280, navy 390\]/,
    ],
    'no way past the navigation': [page('a').replace(/href="#main" onclick="[^"]*"/, 'href="#a"').replace('<main id', '<p id="a">x</p><main id'), /the first link does not lead to the text/],

    'a broken link': [page('<a href="none.html">a</a>'), /refers to none.html: no such file \[links\]/],
    'a broken fragment': [page('<a href="index.html#none">a</a>'), /refers to index.html#none: no such id/],
    'a broken fragment of its own': [page('<a href="#none">a</a>'), /#none: no such id/],
    'a link out of the site': [page('<a href="/">a</a>'), /refers to http.*\/: no such file/],
    'an address that is none': [page('<a href="http://">a</a>'), /which is no address/],
    'an id that is there twice': [page('<p id="a">a</p><p id="a">b</p>'), /the id a is there more than once/],

    'no text at all': [page(''), /main shows no text/],
    'text that scripts write': [page(script('document.querySelector("main").append("a")')), /main shows no text \[no JavaScript\]/],
    'text that scripts unveil': [
        page(`a${script('document.querySelector("main").style.display = "block"')}`, style('main { display: none }')),
        /main shows no text \[no JavaScript\]/,
    ],
    'width that scripts mend': [page(`${wide}a${script('document.querySelector(".wide").remove()')}`), /390, for p.wide, "a" \[no JavaScript\]/],
    'contents without a title': [page('a').replace(' title="Contents"', ''), /the frame of toc.html has no title/],
    'contents that scripts write': [
        page('a').replace(/<noscript>.*<.noscript>/, script('document.write("<a href=index.html>a</a>")')),
        /does not lead to page-0.html \[no JavaScript\]/,
        /does not lead to page-\d+.html \[no JavaScript\]/,
        /target-size: a/,
    ],
};

describe('the check of the site', () => {
    it('passes a good site', async () => {
        const good = {
            'index.html': page('<h1 id="a">Good</h1><p><a href="part/b.html#b">the second page</a></p><p><a href="https://example.org/">elsewhere</a></p>'),
            'part/b.html': page(`<h1 id="b">B</h1><pre style="overflow-x: auto" tabindex="0">${'x'.repeat(999)}</pre>`, '<base href="..">'),
            'print.html': heavy,
            '404.html': page('<h1>Lost</h1>', '<base href="/project/">'),
        };
        assert.deepEqual(await problems(good), []);
    });

    describe('reports', () => {
        const base = { '404.html': page('Lost', '<base href="/project/">') };
        const files = Object.fromEntries(Object.values(spoiled).map(([text], i) => [`page-${i}.html`, text]));
        let said;
        before(async () => { said = await problems({ ...base, ...files }); });
        Object.entries(spoiled).forEach(([name, [, ...expected]], i) => it(name, () => {
            const lines = said.filter(line => line.startsWith(`page-${i}.html: `));
            for (const problem of expected) assert.ok(lines.some(line => problem.test(line)), `${problem} is not in\n${lines.join('\n')}`);
            for (const line of lines) assert.ok(expected.some(problem => problem.test(line)), `not expected: ${line}`);
        }));
        it('nothing of the good pages between them', () => {
            assert.deepEqual(said.filter(line => !line.startsWith('page-')), []);
        });
    });

    // Problems of a site as a whole: what spoils it, and one line that must be said.
    const whole = {
        'a page that the contents leave out': [
            { 'other.html': page('a'), 'toc.html': contents(['index.html']) },
            /^index.html: the navigation does not lead to other.html/,
        ],
        'a page for wrong addresses that works at the top only': [{ '404.html': page('a') }, /^404.html: no\/such\/search.js answers 404/],
        'a search that finds nothing': [{ 'search.js': search('""') }, /does not find "variance".*\[search from file:\/\/, search light, search navy\]/],
        'an index that is heavy': [{ 'search-0a1b2c3d.js': `/* ${randomBytes(110_000).toString('hex')} */` }, /^search-0a1b2c3d.js: weighs \d{5,} bytes/],
        'a search that works over http only': [
            { 'words.txt': found, 'search.js': search('await (await fetch("words.txt")).text()') },
            /does not find "variance".*\[search from file:\/\/\]/,
        ],
        'search results that lead nowhere': [{ 'search.js': search(`'${found.replace('top', 'none')}'`) }, /refers to index.html#none/],
        'pale search results': [
            { 'index.html': page('a', style('#mdbook-searchresults a { color: #888 }')) },
            /color-contrast: a.*\[search light/,
        ],
        'a site without a first page': [{ 'index.html': undefined }, /^index.html: there is no such page/],
    };
    describe('reports, of a site as a whole,', () => {
        for (const [name, [files, expected]] of Object.entries(whole)) {
            it(name, async () => {
                const said = await problems(files);
                assert.ok(said.some(line => expected.test(line)), `${expected} is not in\n${said.join('\n')}`);
            });
        }
    });
});
