// What slides.mjs says of decks that do not fit: the deck, the slide, and what sticks out.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launch } from './site.mjs';
import { check } from './slides.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const script = `
    const slides = [...document.querySelectorAll('.slide')];
    let now = 0, notes;
    const tell = () => { if (notes) notes.document.body.textContent = (now + 1) + ' / ' + slides.length; };
    function show(n) {
        now = Math.min(Math.max(n, 0), slides.length - 1);
        slides.forEach((slide, i) => slide.classList.toggle('now', i === now));
        history.replaceState(null, '', '#' + (now + 1));
        tell();
    }
    addEventListener('keydown', ({ key }) => {
        if (key === 'ArrowRight') show(now + 1);
        if (key === 'Home') show(0);
        if (key === 'n') { notes = open('', 'notes'); tell(); }
    });
    show(0);`;
const deck = second => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A deck</title><style>
    body { margin: 0; color: #222; background: #fff } .slide { display: none; position: relative; height: 100vh }
    .now { display: block } @page { size: 297mm 167mm; margin: 0 }
    @media print { .slide { display: block; height: 167mm; break-after: page; overflow: hidden } }
</style></head><body><main><section class="slide"><h3>One</h3></section><section class="slide">${second}</section></main>
<script>${script}</script></body></html>`;

/** What the check says of a deck whose second slide is this. */
async function problems(second) {
    const site = mkdtempSync(join(tmpdir(), 'slides-')), folder = join(site, 'teach', 'slides');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.html'), deck(second));
    try {
        return (await check(folder, browser)).problems;
    } finally {
        rmSync(site, { recursive: true });
    }
}

describe('slides', () => {
    it('that fit are well', async () => assert.deepEqual(await problems('<h3>Two</h3><p>It fits.</p>'), []));

    const box = style => `<div style="position: absolute; ${style}">far</div>`;
    for (const [what, second, problem] of [
        ['below its box', box('height: 700px; top: 100px'), 'div reaches 80 px beyond its bottom, "far"'],
        ['beside its box', box('width: 1300px; left: 0'), 'div reaches 20 px beyond its right, "far"'],
        ['below a box that scrolls', `<pre tabindex="0" style="margin: 0; height: 50px; overflow: auto">${'far\n'.repeat(99)}</pre>`, 'pre has'],
        ['beside a box that scrolls', `<pre tabindex="0" style="margin: 0; width: 50px; overflow: auto">${'far'.repeat(99)}</pre>`, 'pre has'],
        ['beyond a box that hides it', '<p style="overflow: hidden; height: 40px"><b style="display: block; height: 90px">far</b></p>', 'p has 50 px that are not seen, "far"'],
    ]) {
        it(`with something ${what} are named`, async () => {
            const said = await problems(second);
            assert.ok(said.some(line => line.startsWith(`a.html: slide 2: ${problem}`)), said.join('\n'));
            assert.ok(said.some(line => line.startsWith('a.html: slide 2 on paper:')), said.join('\n'));
        });
    }
});
