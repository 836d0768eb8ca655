// Plays with every figure of the built book that can be changed: by keys, by pointer, as wide as a screen and as narrow
// as a phone, in a light and a dark theme, from file://.
//
//     node --test .ci/live.test.mjs                        in Chromium
//     BROWSER=firefox node --test .ci/live.test.mjs        in $FIREFOX, or the Firefox of the system
//
// The book is $BOOK, or book/book. Firefox is driven as it comes, by WebDriver BiDi: playwright-core stays below 1.65,
// which asks for what Firefox ESR does not know.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { firefox } from 'playwright-core';
import { launch } from './site.mjs';

const BOOK = resolve(process.env.BOOK ?? 'book/book');
const FIREFOX = process.env.BROWSER === 'firefox';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DOWNLOADS = mkdtempSync(join(tmpdir(), 'lab-saved-'));
const READERS = [{ theme: 'light', width: 1280 }, { theme: 'navy', width: 390, touch: true }];

const isLive = name => readFileSync(join(BOOK, name), 'utf8').includes('data-reply=');
const pages = readdirSync(BOOK).filter(name => name.endsWith('.html') && name !== 'print.html' && isLive(name));

let browser, stillBrowser;
const start = prefs => {
    if (!FIREFOX) return launch();
    const known = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
    const executablePath = process.env.FIREFOX || known.find(existsSync);
    return firefox.launch({ channel: 'moz-firefox', executablePath, firefoxUserPrefs: prefs, downloadsPath: DOWNLOADS });
};
before(async () => {
    browser = await start({});
    // Firefox is told when it starts that nothing shall move.
    stillBrowser = FIREFOX ? await start({ 'ui.prefersReducedMotion': 1 }) : browser;
});
after(() => Promise.all([browser.close(), stillBrowser.close()]));

/** A tab for a reader, and all that the page complains of or asks for outside the book. */
async function open(page, { theme = 'light', width = 1280, touch = false, still = false } = {}) {
    const context = await (still ? stillBrowser : browser).newContext({
        viewport: { width, height: 900 },
        acceptDownloads: true,
        ...(FIREFOX ? {} : { hasTouch: touch, reducedMotion: still ? 'reduce' : 'no-preference' }),
    });
    const tab = await context.newPage(), faults = [];
    await tab.addInitScript(theme => {
        if (location.protocol !== 'file:') return; // the empty page before has no storage
        window.print = () => {};
        localStorage.setItem('mdbook-theme', theme);
    }, theme);
    // Of a formula that it has read in part, Firefox says that half of it is missing.
    const complain = fault => FIREFOX && /Invalid markup: Incorrect number of children/.test(fault) || faults.push(fault);
    tab.on('console', message => {
        if (['error', 'warning'].includes(message.type())) complain(message.text());
    });
    tab.on('pageerror', error => complain(String(error)));
    const home = pathToFileURL(BOOK + sep).href;
    tab.on('request', request => {
        const url = request.url();
        if (!/^(data|blob):/.test(url) && !url.startsWith(home)) faults.push(`asks for ${url}`);
    });
    await tab.goto(new URL(page, home).href);
    return { tab, faults, close: () => context.close() };
}

/** What a figure shows and says, once it is at rest. */
async function atRest(figure) {
    await figure.evaluate(root => new Promise(done => {
        const live = lives.find(live => live.root === root);
        const wait = () => live.turning || live.running ? setTimeout(wait, 20) : setTimeout(done, 450);
        wait();
    }));
    return figure.evaluate(root => {
        const live = lives.find(live => live.root === root);
        return { svg: root.querySelector('.live-surface').innerHTML, says: live.says.textContent, state: live.reply.state };
    });
}

/** Where a pointer finds it: not under the bar at the top of the page. */
async function inTheMiddle(element) {
    await element.evaluate(element => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
    return element.boundingBox();
}

/** What axe objects to in a figure, and whether the page scrolls sideways. */
async function problems(tab, figure) {
    await tab.evaluate(AXE);
    const found = await figure.evaluate(async root => {
        const { violations } = await axe.run(root, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
        return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 120)}`));
    });
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    return wide > 0 ? [...found, `${wide} px too wide`] : found;
}

for (const page of pages) {
    for (const reader of READERS) {
        describe(`${page}, ${reader.theme}, ${reader.width} px`, () => {
            let tab, faults, close, figures;
            before(async () => {
                ({ tab, faults, close } = await open(page, reader));
                figures = await tab.locator('.live').all();
            });
            after(() => close());

            it('answers to keys, and goes back to what was printed', async () => {
                for (const figure of figures) {
                    const first = await atRest(figure);
                    let before = first;
                    for (const slider of await figure.locator('input[type=range]').all()) {
                        await slider.focus();
                        await tab.keyboard.press('ArrowRight');
                        await tab.keyboard.press('ArrowRight');
                        let after = await atRest(figure);
                        if (after.state === before.state) { // it was at its right end
                            await tab.keyboard.press('ArrowLeft');
                            after = await atRest(figure);
                        }
                        assert.notEqual(after.state, before.state, await slider.getAttribute('data-key'));
                        assert.ok(after.says.length > 10);
                        before = after;
                    }
                    for (const button of await figure.locator('button').all()) {
                        const name = await button.textContent();
                        if (/^Save|^Run|^As it was/.test(name) || await button.getAttribute('aria-disabled') === 'true') continue;
                        await button.focus();
                        await tab.keyboard.press('Enter');
                        assert.ok((await atRest(figure)).says.length > 10, name);
                    }
                    await figure.getByRole('button', { name: 'As it was' }).press('Enter');
                    const last = await atRest(figure);
                    assert.equal(last.state, first.state);
                    assert.ok(await figure.locator('.live-still').isVisible());
                }
                assert.deepEqual(faults, []);
            });

            it('answers to the pointer', async () => {
                for (const figure of figures) {
                    const grip = await figure.evaluate(root => {
                        const { frame, controls } = lives.find(live => live.root === root).reply;
                        const flat = controls => controls.flatMap(control => [control, ...flat(control.of ?? [])]);
                        const axis = flat(controls).find(control => control.axis);
                        if (!axis) return undefined;
                        const [left, right, top, bottom, low, high] = frame;
                        const x = left + (axis.value - low) / (high - low) * (right - left);
                        return { x: x / 7200, y: (top + bottom) / 2 / 7200, name: axis.name };
                    });
                    if (!grip) continue;
                    const before = await atRest(figure);
                    const surface = figure.locator('.live-surface');
                    const box = await inTheMiddle(surface);
                    const [x, y] = [box.x + grip.x * box.width, box.y + grip.y * box.width];
                    const side = grip.x > 0.5 ? -1 : 1;
                    await tab.mouse.move(x, y);
                    await tab.mouse.down();
                    for (let i = 1; i <= 5; i++) await tab.mouse.move(x + side * 8 * i, y);
                    await tab.mouse.up();
                    const after = await atRest(figure);
                    assert.notEqual(after.state, before.state, grip.name);
                    assert.notEqual(after.svg, before.svg, grip.name);
                }
                assert.deepEqual(faults, []);
            });

            it('is for everybody', async () => {
                for (const figure of figures) {
                    await atRest(figure);
                    assert.deepEqual(await problems(tab, figure), []);
                    if (!reader.touch || FIREFOX) continue;
                    const small = await figure.evaluate(root => [...root.querySelectorAll('button, select, input[type=range]')]
                        .filter(element => element.getBoundingClientRect().height < 44).map(element => element.outerHTML.slice(0, 99)));
                    assert.deepEqual(small, []);
                }
            });
        });
    }
}

describe('a run', () => {
    const steps = async options => {
        const { tab, faults, close } = await open('em.html', options);
        const figure = tab.locator('.live').first();
        await figure.getByRole('button', { name: 'Run', exact: true }).click();
        const end = await atRest(figure);
        await close();
        assert.deepEqual(faults, []);
        return end.says;
    };

    it('arrives', async () => assert.match(await steps({}), /^After 58 steps\. .* Arrived/));
    it('jumps to its end for those who want nothing to move', async () => {
        assert.match(await steps({ still: true }), /^After 58 steps\. .* Arrived/);
    });
    it('can be paused', async () => {
        const { tab, close } = await open('em.html');
        const figure = tab.locator('.live').first();
        await figure.getByRole('button', { name: 'Run', exact: true }).click();
        await tab.waitForTimeout(900);
        await figure.getByRole('button', { name: 'Pause' }).click();
        const [one, two] = [await atRest(figure), await atRest(figure)];
        assert.equal(one.state, two.state);
        assert.doesNotMatch(one.says, /Arrived/);
        await close();
    });
});

describe('a slider by factors', () => {
    const values = async (page, name, keys) => {
        const { tab, faults, close } = await open(page);
        const figure = tab.locator('.live').first(), slider = figure.locator(`[data-key="${name}"]`), seen = [];
        await slider.focus();
        for (const key of keys) {
            await tab.keyboard.press(key);
            await atRest(figure);
            seen.push(await slider.getAttribute('aria-valuetext'));
        }
        await close();
        assert.deepEqual(faults, []);
        return seen;
    };

    it('takes round numbers, and its ends', async () => {
        assert.deepEqual(await values('uncertainty.html', 'n', ['Home', 'End', 'ArrowLeft']), ['50', '2000', '1900']);
        // The truth of the page, there and back: 4, as the text names it.
        assert.deepEqual(await values('e_step.html', 'variance.1', ['ArrowRight', 'ArrowLeft', 'ArrowLeft']), ['4.3', '4', '3.9']);
    });

    it('never sticks', async () => {
        const keys = ['Home', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft'];
        assert.deepEqual(await values('sampling.html', 'n', keys), ['10', '11', '12', '11', '10', '10']);
    });
});

describe('the map of starts', () => {
    it('takes a click for a start and walks from there', async () => {
        const { tab, close } = await open('start.html', { still: true });
        const figure = tab.locator('.live').first(), surface = figure.locator('.live-surface');
        const box = await inTheMiddle(surface);
        await tab.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.3);
        assert.match((await atRest(figure)).says, /^From the means .* Arrived/);
        await close();
    });
});

describe('the laboratory', () => {
    const lab = async (hash = '', options = {}) => {
        const opened = await open(`lab.html${hash}`, options);
        return { ...opened, figure: opened.tab.locator('.live').first() };
    };

    it('keeps its state in the address, and an address leads back', async () => {
        const { tab, figure, faults, close } = await lab();
        await figure.getByLabel('data').selectOption('galaxies');
        await atRest(figure);
        await figure.getByRole('button', { name: 'Run', exact: true }).click();
        const there = await atRest(figure);
        await tab.waitForTimeout(600);
        const hash = new URL(tab.url()).hash;
        await close();
        assert.match(hash, /data=galaxies/);
        assert.deepEqual(faults, []);
        const again = await lab(hash);
        const back = await atRest(again.figure);
        assert.equal(back.state, there.state);
        assert.equal(back.says, there.says);
        await again.close();
    });

    it('says what is wrong with an address, and goes on', async () => {
        for (const hash of ['#figure=lab&data=tea', '#figure=tea', '#figure=lab&at=-1', '#figure=lab&start=1', '#figure=%', '#figure=lab&k=99', '#figure=lab&cure=7']) {
            const { tab, figure, faults, close } = await lab(hash);
            await tab.waitForTimeout(500);
            const { says } = await atRest(figure);
            assert.doesNotMatch(says, /^At the start/, hash);
            assert.ok(await figure.locator('.live-still').isVisible(), hash);
            await figure.getByRole('button', { name: 'E-step' }).click();
            assert.match((await atRest(figure)).says, /E-step/, hash);
            assert.deepEqual(faults, []);
            await close();
        }
    });

    it('takes own numbers, and says what is wrong with them', async () => {
        const { figure, faults, close } = await lab();
        await figure.getByLabel('data').selectOption('own');
        assert.match((await atRest(figure)).says, /there are no samples/);
        const numbers = figure.getByLabel('numbers', { exact: true });
        const say = async text => {
            await numbers.fill(text);
            await figure.getByRole('button', { name: 'Use these numbers' }).click();
            return (await atRest(figure)).says;
        };
        assert.match(await say('1 2 three'), /"three"/);
        assert.match(await say('1 2 NaN'), /sample 2 is NaN/);
        assert.match(await say('1'), /all samples are 1/);
        assert.match(await say('1e300 -1e300'), /variance/);
        assert.match(await say('<b>&amp;=%'), /it must be a number/);
        assert.match(await say('1, 2; 3\n4\t5.5 20 21 22.5'), /^At the start/);
        assert.deepEqual(faults, []);
        await close();
    });

    it('reads a file, and refuses one that is too long, and nothing is lost', async () => {
        const { tab, figure, faults, close } = await lab();
        await figure.getByLabel('data').selectOption('own');
        await atRest(figure);
        const folder = mkdtempSync(join(tmpdir(), 'lab-'));
        const file = (name, n) => {
            writeFileSync(join(folder, name), Array.from({ length: n }, (_, i) => `${i % 37}\n`).join(''));
            return join(folder, name);
        };
        const input = figure.locator('input[type=file]');
        await input.setInputFiles(file('few.txt', 700));
        assert.match((await atRest(figure)).says, /^At the start/);
        await figure.getByRole('button', { name: 'E-step' }).click();
        const few = await atRest(figure);
        assert.match(few.state, /samples=#/);
        const table = () => figure.locator('table').textContent(), numbers = await table();
        const same = async () => {
            const { svg, state } = await atRest(figure);
            assert.deepEqual({ svg, state }, { svg: few.svg, state: few.state });
            assert.equal(await table(), numbers);
        };
        await input.setInputFiles(file('many.txt', 10_000_000));
        await figure.getByText('10000000 samples: the laboratory takes at most 1000000').last().waitFor();
        await same();
        writeFileSync(join(folder, 'huge.txt'), Buffer.alloc(70_000_000, '1\n'));
        await input.setInputFiles(join(folder, 'huge.txt'));
        await figure.getByText(/huge\.txt has \d+ bytes: the laboratory reads at most/).last().waitFor();
        await same();
        await tab.reload();
        await figure.getByText(few.says).last().waitFor();
        await same();
        await figure.getByRole('button', { name: 'M-step' }).click();
        assert.match((await atRest(figure)).says, /^After 1 step/);
        assert.deepEqual(faults, []);
        await close();
    });

    it('saves the figure, and the run in 17 digits', async () => {
        const { tab, figure, close } = await lab('#figure=lab&data=notebook&from=guess&k=2&draw=1&at=200');
        assert.match((await atRest(figure)).says, /^After 100 steps/);
        const saved = async name => {
            const click = () => figure.getByRole('button', { name }).click();
            if (!FIREFOX) {
                const [download] = await Promise.all([tab.waitForEvent('download'), click()]);
                return readFileSync(await download.path(), 'utf8');
            }
            // Its driver tells of no downloads: the file itself tells.
            const before = readdirSync(DOWNLOADS);
            const whole = file => !file.endsWith('.part') && statSync(join(DOWNLOADS, file)).size > 0; // empty until it is moved there
            const arrived = () => readdirSync(DOWNLOADS).find(file => !before.includes(file) && whole(file));
            await click();
            for (let i = 0; i < 50 && !arrived(); i++) await tab.waitForTimeout(100);
            return readFileSync(join(DOWNLOADS, arrived()), 'utf8');
        };
        const lines = (await saved('Save the run')).trim().split('\n');
        assert.equal(lines.length, 1 + 2 * 101);
        const [, , weight, mean, variance] = lines.at(-2).split(',').map(Number);
        // What the chapter EM prints after 100 steps.
        assert.ok(Math.abs(weight - 0.29813177) < 5e-9 && Math.abs(mean + 0.00486619) < 5e-9 && Math.abs(variance - 1.01271315) < 5e-9);
        assert.match(lines.at(-1), /^100,1(,-?\d\.\d{16}e-?\d+){4}$/);
        assert.match(await saved('Save the figure'), /^<svg .*<style>/s);
        await close();
    });

    it('steps through a million samples without freezing the page', async () => {
        const { tab, figure, faults, close } = await lab('#figure=lab&data=drawn&n=1000000&from=quantiles&k=2');
        assert.match((await atRest(figure)).says, /points in 256 bins that stand for 1.000.000 samples/);
        const longest = await tab.evaluate(async () => {
            const [live] = lives, gaps = [];
            let last = performance.now(), on = true;
            const tick = now => {
                gaps.push(now - last);
                last = now;
                if (on) requestAnimationFrame(tick);
            };
            requestAnimationFrame(tick);
            for (let i = 0; i < 10; i++) await live.change('at=' + (2 * i + 1));
            on = false;
            return Math.max(...gaps);
        });
        assert.ok(longest < 500, `${longest} ms without a frame`);
        assert.deepEqual(faults, []);
        await close();
    });
});

describe('without the laboratory', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-'));
    const [script] = readdirSync(BOOK).filter(name => /^lab-\w+\.js$/.test(name));
    const broken = (name, text) => {
        writeFileSync(join(folder, name), text);
        return pathToFileURL(join(folder, name)).href;
    };
    const whole = readFileSync(join(BOOK, script), 'utf8');
    const scripts = [
        ['lab-0.js', /has stopped: lab-0\.js is missing/],
        [broken('cut.js', whole.slice(0, whole.length / 2)), /has stopped: .*cut\.js is broken/],
        [broken('other.js', whole.slice(0, 999) + whole.slice(-99)), /has stopped: ./],
    ];
    for (const [name, reason] of scripts) {
        it(`a figure stays as it was, the reason is said, and nothing is lost: ${name.split('/').pop()}`, async () => {
            const { tab, faults, close } = await open('lab.html');
            const figure = tab.locator('.live').first();
            const take = name => figure.evaluate((root, name) => { root.dataset.lab = name; }, name); // as if it had been copied so
            const before = await atRest(figure);
            await take(name);
            for (const button of ['E-step', 'Save the run', 'Run']) {
                await figure.getByRole('button', { name: button, exact: true }).click();
                const { svg, says, state } = await atRest(figure);
                assert.match(says, reason);
                assert.deepEqual({ svg, state }, { svg: before.svg, state: before.state });
            }
            await take(script);
            await figure.getByRole('button', { name: 'E-step' }).click();
            assert.match((await atRest(figure)).says, /^After the first E-step/);
            // That a file is missing the browser itself complains of, and nothing can stop it.
            assert.deepEqual(faults.filter(fault => !/^asks for|Failed to load resource|Loading failed/.test(fault)), []);
            await close();
        });
    }

    it('the printed page shows the printed figure', { skip: FIREFOX && 'its driver prints nothing' }, async () => {
        const { tab, close } = await open('em.html');
        const figure = tab.locator('.live').first();
        await figure.getByRole('button', { name: 'M-step' }).click();
        await atRest(figure);
        await tab.emulateMedia({ media: 'print' });
        assert.ok(await figure.locator('.live-still').isVisible());
        assert.ok(!await figure.locator('.live-panel').isVisible());
        assert.equal(await figure.locator('svg:visible').count(), 1);
        await close();
    });
});
