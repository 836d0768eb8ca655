// How long the figures that the reader can change take, in Chromium and in the native program: medians, in milliseconds.
// Nothing is asserted: times belong to a machine, which should do nothing else.
//
//     node .ci/live.times.mjs [FOLDER] [NATIVE]        FOLDER is book/book; NATIVE is target/debug/lab, which is optimised

import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { launch } from './site.mjs';

const [folder = 'book/book', native = 'target/debug/lab'] = process.argv.slice(2);
const BOOK = realpathSync(folder), HOME = pathToFileURL(BOOK + sep).href;
const FIRST = 7; // how often a page is opened
const STEPS = 200; // how many steps are taken at once
const MILLION = 'figure=lab&data=drawn&n=1000000&from=quantiles&k=2';
const NARROW = `${MILLION}&truth=0.5,0,0.0001;0.5,5,4`; // what bins are too coarse for

const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const flat = controls => controls.flatMap(control => [control, ...flat(control.of ?? [])]);

/** The native program: a function from a request to its milliseconds and its reply. */
function terminal() {
    const program = spawn(realpathSync(native), { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    const ask = async request => {
        const start = performance.now();
        program.stdin.write(`id=live1&${request}\n`);
        const { value } = await lines.next();
        return { time: performance.now() - start, reply: JSON.parse(value) };
    };
    return { ask, close: () => program.stdin.end() };
}

/** A page: the same, and the picture is in its place and laid out. */
async function page(browser, name) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    await tab.goto(HOME + name);
    const ask = request => tab.evaluate(async request => {
        const [figure] = request.match(/(?<=figure=)[^&]+/), start = performance.now();
        const live = lives.find(live => live.reply.state.split('&')[0] === `figure=${figure}`);
        const reply = await live.ask(`id=${live.id}&${request}`);
        if (reply.controls) live.show(reply);
        live.root.getBoundingClientRect();
        return { time: performance.now() - start, reply };
    }, request);
    return { tab, ask, close: () => context.close() };
}

/** Of twenty-one places of a slider, what the middle one takes. */
async function follow(ask, figure, name) {
    let { reply } = await ask(`figure=${figure}`);
    const slider = flat(reply.controls).find(control => control.name === name);
    const times = [];
    for (let i = 0; i <= 20; i++) {
        const value = slider.min + (slider.max - slider.min) * (0.2 + 0.03 * i);
        const answer = await ask(`${reply.state}&${name}=${slider.whole ? Math.round(value) : value}`);
        if (answer.reply.controls) reply = answer.reply;
        times.push(answer.time);
    }
    return median(times);
}

/** One E-step and M-step with the log-likelihood, of many that are taken at once. */
async function step(ask) {
    const times = [];
    for (let i = 0; i < 9; i++) {
        const start = `figure=em/half_step&start=0.5,${i / 10},1;0.5,${2 + i / 10},1`;
        const few = await ask(`${start}&at=2`), many = await ask(`${start}&at=${2 + 2 * STEPS}`);
        times.push((many.time - few.time) / STEPS);
    }
    return median(times);
}

/** One step on a million samples, with its picture; what it takes until they are there comes first. */
async function million(ask, request) {
    const first = await ask(request), times = [];
    for (let at = 2; at <= 30; at += 2) times.push((await ask(`${first.reply.state}&at=${at}`)).time);
    const { say } = (await ask(`${first.reply.state}&at=2`)).reply;
    return { first: first.time, step: median(times), how: /(Steps are taken|Each step).*/.exec(say)?.[0] };
}

const browser = await launch(), shell = terminal(), rows = [];
const show = (what, target, here, there) => rows.push({ what, target, Chromium: here, native: there });
const ms = time => Number(time.toPrecision(2));

const live = readdirSync(BOOK).filter(name => name.endsWith('.html') && !/^(print|index)/.test(name))
    .flatMap(name => [...readFileSync(join(BOOK, name), 'utf8').matchAll(/data-reply=.*?figure=([a-z_/]+)/g)].map(([, figure]) => [name, figure]));
for (const [name, figure] of live) {
    const { reply } = await shell.ask(`figure=${figure}`), sliders = flat(reply.controls).filter(({ is }) => is === 'slider');
    const slider = sliders.find(({ axis }) => axis) ?? sliders[0];
    if (!slider) continue;
    const opened = await page(browser, name);
    const what = `${figure}, ${slider.label.trim()} ${slider.axis ? 'dragged' : 'by its slider'}`;
    show(what, slider.axis ? '16' : '', ms(await follow(opened.ask, figure, slider.name)), ms(await follow(shell.ask, figure, slider.name)));
    await opened.close();
}

const em = await page(browser, 'em.html');
show('E-step, M-step and log-likelihood of 10 000 samples', '1', ms(await step(em.ask)), ms(await step(shell.ask)));
await em.close();

const first = [];
for (let i = 0; i < FIRST; i++) {
    const { tab, close } = await page(browser, 'em.html');
    first.push(await tab.evaluate(async () => {
        const start = performance.now();
        await lives[0].change('at=1');
        return performance.now() - start;
    }));
    await close();
}
show('the first picture after the first touch', '200', ms(median(first)), '');

for (const request of [MILLION, NARROW]) {
    const lab = await page(browser, 'lab.html');
    const [here, there] = [await million(lab.ask, request), await million(shell.ask, request)];
    show('a million samples are drawn and shown', '', ms(here.first), ms(there.first));
    show(`a step on them: ${here.how}`, '50', ms(here.step), ms(there.step));
    await lab.close();
}
console.table(rows);

const root = fileURLToPath(new URL('..', import.meta.url));
const [script] = readdirSync(BOOK).filter(name => /^lab-\w+\.js$/.test(name));
const weigh = (path, most) => console.log(`${gzipSync(readFileSync(path), { level: 9 }).length} of ${most} bytes gzipped: ${path}`);
weigh(join(BOOK, script), 200_000);
weigh(join(root, 'book/theme/live.js'), 8_000);
await browser.close();
shell.close();
