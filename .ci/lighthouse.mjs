// What Lighthouse says of a built book: five pages, on a desktop and on a phone.
//
//     node .ci/lighthouse.mjs [FOLDER]        FOLDER is book/book
//
// Accessibility, practices and search engines must be perfect, and nothing may move. Where the address of the site is not
// known, a canonical link is not asked for.
//
// The speed is what Lighthouse computes of a slow connection and a slow processor from what it has seen here. That must not
// hang on what else this machine does. So of each task the time counts that it had on the processor, and our own server
// answers in no time. Lighthouse's factor for a phone's processor is meant for a machine that its own measure calls FAST;
// on one that is slower, or slowed down, it is smaller, at least half. What noise is left only takes away: the best of RUNS
// runs counts. Most pages need one.

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as launcher from 'chrome-launcher';
import lighthouse, { defaultConfig, desktopConfig } from 'lighthouse';
import { Graph } from 'lighthouse/core/lib/lantern/lantern.js';
import { FLAGS, browserPath, serve } from './site.mjs';

const PAGES = ['index', 'em', 'rate', 'fit', 'one_pass'];
const DEVICES = { desktop: { config: desktopConfig, speed: 97 }, phone: { config: defaultConfig, speed: 95 } };
const PERFECT = ['accessibility', 'best-practices', 'seo'];
const RUNS = 4;
const SHIFT = 0.02;
const FAST = 1500;

Object.defineProperty(Graph.CPUNode.prototype, 'duration', {
    get() { return Math.min(this.endTime - this.startTime, this.event.tdur); },
});

/** What is wrong with these pages of the site in `folder`, as lines; `tell` is told of each page. */
export async function judge(folder, pages, devices = Object.keys(DEVICES), tell = () => {}) {
    const site = await serve(realpathSync(folder), true);
    const { origin } = new URL(site.home);
    // Between two runs there is an empty page, which a browser would rather show than a page that is not yet painted.
    const chromeFlags = ['--headless', '--no-sandbox', '--disable-features=PaintHolding', ...FLAGS];
    const chrome = await launcher.launch({ chromePath: browserPath(), chromeFlags });
    const precomputedLanternData = { additionalRttByOrigin: { [origin]: 0 }, serverResponseTimeByOrigin: { [origin]: 0 } };
    const flags = { port: chrome.port, logLevel: 'error', disableFullPageScreenshot: true, precomputedLanternData };
    let machine = FAST; // until the first run has measured it
    const open = async (page, config, onlyCategories) => {
        const factor = Math.min(1, Math.max(0.5, machine / FAST)), { throttling } = config.settings;
        const slow = { ...throttling, cpuSlowdownMultiplier: factor * throttling.cpuSlowdownMultiplier };
        const { lhr } = await lighthouse(`${site.home}${page}.html`, { ...flags, throttling: slow, onlyCategories }, config);
        machine = lhr.environment.benchmarkIndex;
        return lhr;
    };
    const score = ({ categories }, name) => Math.round(100 * categories[name].score);
    const faults = [];
    try {
        for (const page of pages) {
            for (const device of devices) {
                const { config, speed } = DEVICES[device];
                const say = fault => faults.push(`${page}, ${device}: ${fault}`);

                const first = await open(page, config), runs = [first];
                const speeds = () => runs.map(lhr => score(lhr, 'performance'));
                while (Math.max(...speeds()) < speed && runs.length < RUNS) runs.push(await open(page, config, ['performance']));
                const shift = Math.max(...runs.map(({ audits }) => audits['cumulative-layout-shift'].numericValue));

                tell(`${page}, ${device}: ${[speeds().join(' '), ...PERFECT.map(name => score(first, name))].join(' / ')}, moves by ${shift.toFixed(3)}`);
                if (Math.max(...speeds()) < speed) say(`the speed is ${speeds().join(', ')}; ${speed} is wanted`);
                if (shift > SHIFT) say(`moves by ${shift.toFixed(3)}`);
                for (const name of PERFECT.filter(name => score(first, name) < 100)) {
                    const wrong = first.categories[name].auditRefs.filter(({ id, weight }) => weight && ![1, null].includes(first.audits[id].score));
                    say(`${name} is ${score(first, name)}, for ${wrong.map(({ id }) => id).join(', ')}`);
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
    const faults = await judge(folder, PAGES, undefined, console.log);
    faults.forEach(fault => console.log(fault));
    console.log(`${faults.length} faults`);
    process.exitCode = faults.length ? 1 : 0;
}
