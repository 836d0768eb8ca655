// What Lighthouse says of a built book: five pages, on a desktop and on a phone.
//
//     node .ci/lighthouse.mjs [FOLDER]        FOLDER is book/book
//
// Accessibility, practices and search engines must be perfect, and nothing may move. The limits of the speed are for the
// median of three runs: two of them reach the limit. A machine that does other things as well only makes a page slower, so
// a page is opened until two runs have reached it, and has RUNS of them. Where the address of the site is not known, a
// canonical link is not asked for.
//
// Lighthouse takes the time of each task and multiplies it, by 4 for a phone, which is meant for a machine of at least
// FAST by its own measure. On a slower one, or one that is busy, the factor is smaller in proportion.

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import lighthouse, { defaultConfig, desktopConfig } from 'lighthouse';
import * as launcher from 'chrome-launcher';
import { FLAGS, browserPath, serve } from './site.mjs';

const PAGES = ['index', 'em', 'rate', 'fit', 'one_pass'];
const DEVICES = { desktop: { config: desktopConfig, speed: 97 }, mobile: { config: defaultConfig, speed: 95 } };
const PERFECT = ['accessibility', 'best-practices', 'seo'];
const RUNS = 6;
const SHIFT = 0.02;
const FAST = 1500;

/** What is wrong with these pages of the site in `folder`, as lines; `tell` is told of every page. */
export async function judge(folder, pages, tell = () => {}) {
    const site = await serve(realpathSync(folder), true);
    const chrome = await launcher.launch({ chromePath: browserPath(), chromeFlags: ['--headless', '--no-sandbox', ...FLAGS] });
    let machine = FAST; // until a run has measured it
    const run = async (page, config) => {
        const { throttling } = config.settings;
        const cpuSlowdownMultiplier = throttling.cpuSlowdownMultiplier * Math.min(1, machine / FAST);
        const flags = { port: chrome.port, logLevel: 'error', throttling: { ...throttling, cpuSlowdownMultiplier } };
        const { lhr } = await lighthouse(`${site.home}${page}.html`, flags, config);
        machine = lhr.environment.benchmarkIndex;
        return lhr;
    };
    const faults = [];
    try {
        for (const page of pages) {
            for (const [device, { config, speed }] of Object.entries(DEVICES)) {
                const runs = [];
                const score = ({ categories }, name) => Math.round(100 * categories[name].score);
                const reached = () => runs.filter(lhr => score(lhr, 'performance') >= speed).length;
                while (runs.length < RUNS && reached() < 2 && reached() + RUNS - runs.length >= 2) runs.push(await run(page, config));

                const say = fault => faults.push(`${page} ${device}: ${fault}`);
                const speeds = runs.map(lhr => score(lhr, 'performance'));
                const shift = Math.max(...runs.map(({ audits }) => audits['cumulative-layout-shift'].numericValue));
                tell(`${page} ${device}: ${speeds.join(', ')} / ${PERFECT.map(name => score(runs[0], name)).join(' / ')}, layout shift ${shift.toFixed(3)}`);
                if (reached() < 2) say(`the speed is ${speeds.join(', ')}; ${speed} is wanted twice`);
                if (shift > SHIFT) say(`the page moves by ${shift.toFixed(3)}`);
                for (const name of PERFECT) {
                    if (score(runs[0], name) === 100) continue;
                    const wrong = runs[0].categories[name].auditRefs.filter(({ id, weight }) => weight && ![1, null].includes(runs[0].audits[id].score));
                    say(`${name} ${score(runs[0], name)}, for ${wrong.map(({ id }) => id).join(', ')}`);
                }
            }
        }
    } finally {
        await chrome.kill();
        await site.close();
    }
    return faults;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const folder = process.argv[2] ?? fileURLToPath(new URL('../book/book', import.meta.url));
    const faults = await judge(folder, PAGES, console.log);
    faults.forEach(fault => console.log(fault));
    console.log(`${faults.length} faults`);
    process.exitCode = faults.length ? 1 : 0;
}
