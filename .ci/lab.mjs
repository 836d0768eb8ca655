// The laboratory as WebAssembly, outside a browser: answers requests as a page's worker does.
//
//     node .ci/lab.mjs WASM NATIVE        compares it with the native program, on 300 random requests

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A function from request to reply. The system is called only where a program ends: this one ends. */
export function open(path) {
    const module = new WebAssembly.Module(readFileSync(path)), system = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
        (system[from] ??= {})[name] = () => { throw new Error(name); };
    }
    const { room, answer, reply, memory } = new WebAssembly.Instance(module, system).exports;
    return request => {
        const text = new TextEncoder().encode(request), at = room(text.length);
        new Uint8Array(memory.buffer, at, text.length).set(text);
        const length = answer();
        return new TextDecoder().decode(new Uint8Array(memory.buffer, reply(), length));
    };
}

/** Requests that differ, the same ones every time: most of them for a run of a hundred steps in all digits. */
export function requests(count) {
    let state = 1;
    const random = n => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor(state / 2 ** 32 * n);
    };
    const one = all => all[random(all.length)];
    const run = () => {
        const data = one(['notebook', 'old_faithful', 'galaxies', 'crabs', 'three_groups', 'five', 'skewed', 'drawn']);
        const drawn = data === 'drawn' ? `&n=${50 + random(2000)}&seed=${random(1000)}` : '';
        const cure = one(['plain', 'plain', 'refuse', 'floor', 'prior']);
        const from = one(['quantiles', 'spread', 'random']);
        return `figure=lab&data=${data}${drawn}&from=${from}&k=${1 + random(4)}&draw=${random(1000)}&cure=${cure}&at=200&as=run`;
    };
    const mixture = () => `start=0.4,${random(100) / 10 - 3},${1 + random(50) / 10};0.6,${random(100) / 10},${1 + random(50) / 10}`;
    const others = [
        () => `figure=sampling/histogram&n=${10 + random(5000)}&seed=${random(1000)}`,
        () => `figure=density/histogram&${mixture()}`,
        () => `figure=e_step/memberships&${mixture()}`,
        () => `figure=m_step/before_and_after&${mixture()}`,
        () => `figure=em/half_step&${mixture()}&at=${random(100)}`,
        () => `figure=bound/half_steps&last=${1 + random(30)}`,
        () => `figure=bound/minoriser&touch=${random(100) / 10}`,
        () => `figure=rate/distance&distance=${3 + random(40) / 10}&seed=${random(100)}`,
        () => `figure=stability/collapse&cure=${one(['refuse', 'floor', 'prior'])}&at=${random(12)}`,
        () => `figure=start/basins&means=${random(10)},${random(10)}&at=${random(30)}`,
        () => `figure=selection/fit&k=${1 + random(4)}&seed=${random(100)}`,
        () => `figure=grouped/ridge&weight=${0.25 + random(40) / 100}`,
        () => `figure=uncertainty/repeated&n=${50 + random(200)}&seed=${random(100)}&p=${random(5)}`,
    ];
    return Array.from({ length: count }, (_, i) => i % 3 === 0 ? one(others)() : run());
}

const NUMBER = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;

/** How far two replies are apart: the largest difference of two numbers beside 1 and their size; infinite if the words differ. */
export function apart(a, b) {
    const [as, bs] = [a, b].map(reply => reply.replaceAll('\u2212', '-').replaceAll('\u202F', ''));
    const words = text => text.replaceAll(NUMBER, '#');
    if (words(as) !== words(bs)) return Infinity;
    const numbers = text => (text.match(NUMBER) ?? []).map(Number);
    const others = numbers(bs);
    return Math.max(0, ...numbers(as).map((x, i) => Math.abs(x - others[i]) / Math.max(1, Math.abs(x))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [wasm, native] = process.argv.slice(2), asked = requests(300);
    const input = `${asked.join('\n')}\n`, call = open(wasm);
    const replies = execFileSync(native, { input, maxBuffer: 2 ** 30 }).toString().split('\n');
    let same = 0, worst = 0;
    const wrong = asked.filter((request, i) => {
        const reply = call(request), far = apart(reply, replies[i]);
        same += Number(reply === replies[i]);
        // Runs are in 17 digits and must agree in 12. Of the others all but the state is rounded, to the units of a picture.
        const run = request.endsWith('as=run');
        if (run) worst = Math.max(worst, far);
        const state = run ? far : apart(...[reply, replies[i]].map(text => JSON.parse(text).state ?? text));
        const bad = !(state <= 1e-12 && (run || far <= 2.5));
        if (bad) console.error(`${far} apart: ${request}`);
        return bad;
    });
    console.log(`${asked.length} requests: ${same} replies are the same, runs differ by ${worst.toExponential(1)} at most`);
    process.exitCode = wrong.length ? 1 : 0;
}
