// What Lighthouse says of a built book: five pages, on a desktop and on a phone, the median of three runs each.
//
//     node .ci/lighthouse.mjs [FOLDER] [MARGIN]        FOLDER is book/book; MARGIN is what noise may take from the speed
//
// Accessibility, practices and search engines must be perfect. The limits of the speed are those of a quiet machine; a
// machine that does other things as well gets a margin. Where the address of the site is not known, a canonical link is
// not asked for.

import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import lighthouse, { desktopConfig } from 'lighthouse';
import * as launcher from 'chrome-launcher';
import { serve } from './site.mjs';

const PAGES = ['index', 'em', 'rate', 'fit', 'one_pass'];
const SPEED = { desktop: 97, mobile: 95 };
const PERFECT = ['accessibility', 'best-practices', 'seo'];
const RUNS = 3;
const SHIFT = 0.02;

const folder = realpathSync(process.argv[2] ?? fileURLToPath(new URL('../book/book', import.meta.url)));
const margin = Number(process.argv[3] ?? 0);
const known = ['/usr/bin/chromium', '/usr/bin/google-chrome'];
const site = await serve(folder, true);
const chrome = await launcher.launch({
    chromePath: process.env.CHROMIUM || known.find(existsSync),
    chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync', '--disable-background-networking', '--disable-component-update'],
});

const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const faults = [];
try {
    for (const page of PAGES) {
        for (const [device, config] of [['desktop', desktopConfig], ['mobile', undefined]]) {
            const runs = [];
            for (let i = 0; i < RUNS; i++) {
                const { lhr } = await lighthouse(`${site.home}${page}.html`, { port: chrome.port, logLevel: 'error' }, config);
                runs.push(lhr);
            }
            const score = name => Math.round(100 * median(runs.map(({ categories }) => categories[name].score)));
            const shift = median(runs.map(({ audits }) => audits['cumulative-layout-shift'].numericValue));
            const scores = ['performance', ...PERFECT].map(score);
            console.log(`${page} ${device}: ${scores.join(' / ')}, layout shift ${shift.toFixed(3)}`);
            if (scores[0] < SPEED[device] - margin) faults.push(`${page} ${device}: the speed is ${scores[0]}, ${SPEED[device]} are wanted`);
            if (shift > SHIFT) faults.push(`${page} ${device}: the page moves by ${shift.toFixed(3)}`);
            PERFECT.forEach((name, i) => {
                if (scores[i + 1] === 100) return;
                const wrong = runs[0].categories[name].auditRefs.filter(({ id, weight }) => weight && ![1, null].includes(runs[0].audits[id].score));
                faults.push(`${page} ${device}: ${name} ${scores[i + 1]}, for ${wrong.map(({ id }) => id).join(', ')}`);
            });
        }
    }
} finally {
    await chrome.kill();
    await site.close();
}
faults.forEach(fault => console.log(fault));
console.log(`${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;
