// A small good page passes lighthouse.mjs, and each way of spoiling it is reported.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { judge } from './lighthouse.mjs';

const page = (head, body = '') => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="description" content="A small page">
<link rel="icon" href="data:,">${head}</head><body><main><h1>A page</h1><p>And its text.</p>${body}</main></body></html>`;

/** A script that waits until the page is there. */
const painted = code => `<script>addEventListener('load', () => setTimeout(() => { ${code} }, 300))</script>`;

// What spoils a page, and all that must be said of it.
const spoiled = {
    good: [page(''), []],
    busy: [
        page('', painted('const end = performance.now() + 1000; while (performance.now() < end);')), // however fast the machine is
        [/^busy, phone: the speed is /],
    ],
    heavy: [page('<link rel="stylesheet" href="heavy.css">'), [/^heavy, phone: the speed is /]],
    moving: [
        page('<style>p { height: 300px; background: #eee }</style>', painted('document.querySelector("h1").style.marginTop = "120px";')),
        [/^moving, phone: moves by 0\.\d/],
    ],
    nameless: [page('').replace(/<title>.*<.title>/, ''), [/^nameless, phone: accessibility is \d\d, for document-title/, /^nameless, phone: seo is \d\d, for document-title/]],
    broken: [page('', '<script>undefinedName()</script>'), [/^broken, phone: best-practices is \d\d, for errors-in-console/]],
};

describe('the check of the speed', () => {
    let folder, faults;
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), 'speed-'));
        for (const [name, [html]] of Object.entries(spoiled)) writeFileSync(join(folder, `${name}.html`), html);
        writeFileSync(join(folder, 'robots.txt'), 'User-agent: *\nAllow: /\n');
        writeFileSync(join(folder, 'heavy.css'), `/* ${randomBytes(600_000).toString('hex')} */`);
        faults = await judge(folder, Object.keys(spoiled), ['phone']);
    });
    after(() => rmSync(folder, { recursive: true }));
    for (const [name, [, expected]] of Object.entries(spoiled)) {
        it(`says of a ${name} page what is wrong`, () => {
            const said = faults.filter(fault => fault.startsWith(`${name},`));
            assert.equal(said.length, expected.length, said.join('\n'));
            expected.forEach(fault => assert.ok(said.some(line => fault.test(line)), `${fault} is not in\n${said.join('\n')}`));
        });
    }
});
