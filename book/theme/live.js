// Figures that the reader can change. Nothing is drawn or computed here: a request goes to the laboratory, the crates
// of the book as WebAssembly, and the pictures that come back take the place of those before. What can be changed, and
// in which range, the replies say; see crates/lab.
(() => {
    const LARGEST = 64_000_000; // bytes of a file

    // The laboratory, once somebody has touched a figure: in a worker, so that nothing freezes the page.
    let lab;
    const open = script => lab ??= new Promise((resolve, reject) => {
        const tag = document.createElement("script");
        const quiet = event => event.preventDefault(); // what is wrong with the script is said in the page
        const end = act => () => {
            removeEventListener("error", quiet);
            act();
        };
        tag.src = (globalThis.path_to_root ?? "") + script;
        tag.onload = end(() => globalThis.emLab ? resolve(employ(emLab)) : reject(new Error(`${script} is broken`)));
        tag.onerror = end(() => reject(new Error(`${script} is missing`)));
        addEventListener("error", quiet);
        document.head.append(tag);
    });

    // Numbers of the reader's own that are too many for an address: the laboratory keeps the last of them, and calls them
    // by a name. The tab keeps them too, for a page that is loaded again.
    let held;
    const named = state => /&samples=(#\w+)/.exec(state)?.[1];
    const stored = act => {
        try {
            return act(sessionStorage);
        } catch { /* it is not allowed, or too much */ }
    };
    function whole(state) {
        const name = named(state), own = stored(tab => tab.lab);
        return name && name !== held && own?.startsWith(`${name} `) ? state.replace(name, own.slice(name.length)) : state;
    }
    function hold(state, changes) {
        const name = named(state), sent = /(?:^|&)samples=([^&]*)/.exec(changes)?.[1];
        held = name ?? held;
        if (name && sent) stored(tab => { tab.lab = `${name} ${sent}`; });
    }

    function employ(text) {
        const url = URL.createObjectURL(new Blob([`(${work})()`], { type: "text/javascript" }));
        const worker = new Worker(url), waiting = new Map();
        let count = 0;
        const fail = message => {
            lab = held = undefined; // what has stopped half-way is not asked again
            worker.terminate();
            waiting.forEach(({ reject }) => reject(new Error(message)));
        };
        worker.onerror = event => {
            event.preventDefault();
            fail(event.message ?? "no worker");
        };
        worker.onmessage = ({ data: { id, reply, broken } }) => {
            if (broken) return fail(broken);
            waiting.get(id).resolve(JSON.parse(reply));
            waiting.delete(id);
        };
        worker.postMessage(text);
        return request => new Promise((resolve, reject) => {
            waiting.set(++count, { resolve, reject });
            worker.postMessage({ id: count, request });
        });
    }

    // This runs in the worker: it gets the program first, then requests.
    function work() {
        async function enter(text) {
            const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
            const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
            const module = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
            // The system is called only where a program ends: whatever is asked for, this one ends.
            const system = {};
            for (const { module: from, name } of WebAssembly.Module.imports(module)) {
                (system[from] ??= {})[name] = () => { throw new Error(name); };
            }
            const { room, answer, reply, memory } = (await WebAssembly.instantiate(module, system)).exports;
            return request => {
                const text = new TextEncoder().encode(request);
                const at = room(text.length);
                new Uint8Array(memory.buffer, at, text.length).set(text);
                const length = answer();
                return new TextDecoder().decode(new Uint8Array(memory.buffer, reply(), length));
            };
        }
        let call;
        onmessage = async ({ data }) => {
            try {
                if (!call) (call = enter(data)).catch(() => {}); // said when it is called
                else postMessage({ id: data.id, reply: (await call)(data.request) });
            } catch (error) {
                postMessage({ broken: error.message });
            }
        };
    }

    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const make = (tag, attributes = {}, ...children) => {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            name in element ? element[name] = value : element.setAttribute(name, value);
        }
        element.append(...children);
        return element;
    };
    const shape = ({ is, name, label, options, of }) => [is, name, label, options, of?.map(shape)];
    const flat = controls => controls.flatMap(control => [control, ...flat(control.of ?? [])]);

    let count = 0;
    class Live {
        constructor(root) {
            this.root = root;
            this.first = this.reply = JSON.parse(root.dataset.reply);
            this.id = `live${++count}`;
            this.pending = new Map();
            this.still = root.firstElementChild;
            this.now = make("div", { hidden: true });
            this.surface = make("div", { className: "live-surface" }, this.still, this.now);
            this.panel = make("div", { className: "live-panel", role: "group", ariaLabel: "Change the figure" });
            // What has happened is seen at once, and spoken when the reader pauses.
            this.text = make("p", { className: "live-text", ariaHidden: "true" });
            this.says = make("output", { className: "live-says" });
            this.more = make("div", { className: "live-more" });
            root.append(this.surface, this.panel, this.text, this.says, this.more);
            this.build();
            this.text.textContent = this.says.textContent = this.reply.say;
            for (const event of ["pointerenter", "focusin"]) {
                root.addEventListener(event, () => open(root.dataset.lab).catch(() => {}), { once: true });
            }
            this.drags();
            if (this.reply.address) {
                addEventListener("hashchange", () => this.arrive());
                this.arrive();
            }
        }

        // All changes go this way: those that come while a picture is in the making wait for the next, together.
        change(changes) {
            for (const change of changes.split("&")) {
                const [name, ...value] = change.split("=");
                this.pending.set(name, value.join("="));
            }
            return this.turning ??= this.turn().finally(() => { this.turning = undefined; });
        }

        async turn() {
            while (this.pending.size) {
                const slow = setTimeout(() => { this.text.textContent = "Computing \u2026"; }, 500);
                const changes = this.taken();
                const reply = await this.ask(`id=${this.id}&${whole(this.reply.state)}&as=&${changes}`);
                this.failed = !reply?.controls;
                if (!this.failed) {
                    hold(reply.state, changes);
                    this.show(reply);
                } else if (reply) this.tell(reply.error);
                clearTimeout(slow);
                await new Promise(requestAnimationFrame);
            }
        }

        async ask(request) {
            try {
                return await (await open(this.root.dataset.lab))(request);
            } catch (error) {
                lab = held = undefined;
                this.stop();
                this.tell(`The laboratory has stopped: ${error.message}`);
            }
        }

        taken() {
            const changes = [...this.pending].map(pair => pair.join("=")).join("&");
            this.pending.clear();
            return changes;
        }

        show(reply) {
            const { error, controls, pictures } = reply;
            const built = JSON.stringify(this.reply.controls.map(shape)) === JSON.stringify(controls.map(shape));
            this.reply = { ...reply, frame: reply.frame ?? this.reply.frame };
            if (pictures) {
                this.now.innerHTML = pictures[0];
                this.more.innerHTML = pictures.slice(1).join("");
                this.changed(true);
            }
            if (reply.table) this.more.append(this.table(reply.table));
            built ? this.update() : this.build();
            this.tell(error ?? reply.say);
            if (reply.address) this.keep();
        }

        changed(now) {
            this.now.hidden = !now;
            this.root.classList.toggle("live-changed", now);
            this.reset.setAttribute("aria-disabled", !now);
        }

        table([heading, ...rows]) {
            const line = (cells, tag) => make("tr", {}, ...cells.map((cell, i) => i ? make(tag, {}, cell) : make("th", {}, cell)));
            const body = make("tbody", {}, ...rows.map(cells => line(cells, "td")));
            return make("div", { className: "table-wrapper", tabIndex: 0 }, make("table", {}, make("thead", {}, line(heading, "th")), body));
        }

        tell(text) {
            this.text.textContent = text;
            clearTimeout(this.telling);
            this.telling = setTimeout(() => { this.says.textContent = text; }, this.running ? 1500 : 400);
        }

        build() {
            const own = document.activeElement?.dataset.key;
            this.updates = [];
            this.reset = this.button("As it was", () => this.again());
            this.panel.replaceChildren(...this.reply.controls.map(control => this.control(control)), this.reset);
            this.changed(!this.now.hidden);
            this.update();
            if (own) [...this.panel.querySelectorAll("[data-key]")].find(element => element.dataset.key === own)?.focus();
        }

        update() {
            const controls = flat(this.reply.controls);
            this.updates.forEach(([i, update]) => update(controls[i]));
        }

        // The page's own picture and state.
        again() {
            this.stop();
            this.pending.clear();
            this.reply = this.first;
            this.more.replaceChildren();
            this.now.hidden = true;
            this.build();
            this.tell(this.reply.say);
            if (this.reply.address) this.keep();
        }

        control(control) {
            const place = this.updates.length;
            this.updates.push([place, () => {}]);
            const [element, update] = this[control.is](control);
            if (update) this.updates[place][1] = update;
            return element;
        }

        group({ label, component, of }) {
            const legend = make("legend", {}, label);
            const look = component === undefined ? "" : ` live-component fig-${component % 6 + 1}`;
            return [make("fieldset", { className: `live-group${look}` }, legend, ...of.map(control => this.control(control)))];
        }

        // What is shown is the number of the state; a slider has only so many places. What the reader sets is round: the
        // roundest number that is nearer to this place than to the next.
        slider({ name, label, log, axis, whole }) {
            let now;
            const range = make("input", { type: "range", "data-key": name });
            const round = () => {
                const { step, min, max, value } = now;
                if (!log) return Number((Math.round(range.value / step) * step).toPrecision(12));
                const here = 10 ** range.value, near = x => x >= min && x <= max && Math.abs(Math.log10(x / here)) <= step / 2;
                const found = [1, 2, 3].map(digits => Number(here.toPrecision(digits))).find(near) ?? here;
                if (!whole || Number.isInteger(found)) return found;
                const next = Math.round(found);
                return next === value ? next + Math.sign(range.value - Math.log10(value)) : next;
            };
            range.addEventListener("input", () => {
                this.stop();
                this.change(`${name}=${round()}`);
            });
            const text = make("span", { className: "live-value" });
            const row = make("label", { className: axis ? "live-slider live-axis" : "live-slider" }, make("span", {}, label), range, text);
            return [row, control => {
                now = control;
                const on = log ? Math.log10 : Number;
                Object.assign(range, { min: on(now.min), max: on(now.max), step: now.step });
                if (!this.pending.has(name)) range.value = on(now.value);
                text.textContent = now.text;
                range.setAttribute("aria-valuetext", now.text);
                if (axis) {
                    const [left, right] = this.reply.frame;
                    row.style.setProperty("--left", left / 7200);
                    row.style.setProperty("--right", 1 - right / 7200);
                }
            }];
        }

        number({ name, label, min, max }) {
            const input = make("input", { type: "number", min, max, "data-key": name });
            input.addEventListener("change", () => {
                this.stop();
                this.change(`${name}=${input.value}`);
            });
            return [make("label", { className: "live-number" }, label, input), ({ value }) => {
                if (document.activeElement !== input || !this.pending.has(name)) input.value = value;
            }];
        }

        choice({ name, label, options }) {
            const set = value => {
                this.stop();
                this.change(`${name}=${value}`);
            };
            if (options.length > 4) {
                const select = make("select", { "data-key": name }, ...options.map(([value, text]) => make("option", { value }, text)));
                select.addEventListener("change", () => set(select.value));
                return [make("label", { className: "live-number" }, label, select), ({ value }) => { select.value = value; }];
            }
            const radios = options.map(([value]) => make("input", { type: "radio", name: `${this.id}-${name}`, value, "data-key": `${name}=${value}` }));
            radios.forEach(radio => radio.addEventListener("change", () => set(radio.value)));
            const rows = radios.map((radio, i) => make("label", { className: "live-radio" }, radio, options[i][1]));
            return [make("fieldset", { className: "live-group live-choice" }, make("legend", {}, label), ...rows), ({ value }) => {
                radios.forEach(radio => { radio.checked = radio.value === value; });
            }];
        }

        // A button that does nothing now keeps the focus: who presses E-step, M-step, E-step by keys would lose it.
        plain(label, act) {
            const button = make("button", { type: "button", "data-key": label }, label);
            button.addEventListener("click", () => { if (button.getAttribute("aria-disabled") !== "true") act(); });
            return button;
        }

        button(control, act) {
            if (act) return this.plain(control, act);
            let now;
            const button = this.plain(control.label, () => {
                this.stop();
                this.change(now.change);
            });
            return [button, control => {
                now = control;
                button.setAttribute("aria-disabled", Boolean(now.off));
            }];
        }

        run() {
            const button = this.plain("Run", () => this.running ? this.stop() : this.start());
            return [button, control => {
                this.next = control;
                button.textContent = this.running ? "Pause" : "Run";
                button.setAttribute("aria-disabled", !this.running && !control.change);
            }];
        }

        async start() {
            if (still.matches) return this.change(this.next.end); // no moving pictures: the end at once
            this.running = true;
            this.update();
            while (this.running && this.next.change) {
                const { change, pause } = this.next, before = this.reply;
                await this.change(change);
                if (this.reply === before) break;
                await new Promise(later => setTimeout(later, pause));
            }
            this.stop();
        }

        stop() {
            if (!this.running) return;
            this.running = false;
            this.update();
            this.tell(this.text.textContent); // so that it is spoken soon
        }

        own({ name }) {
            const text = make("textarea", { rows: 3, placeholder: "1.2 3.4 5.6 \u2026", "data-key": name });
            const send = numbers => this.change(`${name}=${numbers.replace(/[&=\s]+/g, " ")}`);
            const file = make("input", { type: "file", accept: ".txt,.csv,.tsv,text/*", "data-key": "file" });
            file.addEventListener("change", async () => {
                const [chosen] = file.files;
                if (!chosen) return;
                if (chosen.size > LARGEST) return this.tell(`${chosen.name} has ${chosen.size} bytes: the laboratory reads at most ${LARGEST}`);
                this.text.textContent = "Reading \u2026";
                send(await chosen.text());
            });
            const use = this.plain("Use these numbers", () => send(text.value));
            const rows = [make("label", {}, "numbers ", text), use, make("label", {}, "or a file, which stays here ", file)];
            return [make("div", { className: "live-own" }, ...rows), ({ value }) => {
                if (document.activeElement !== text && value) text.value = value;
            }];
        }

        save({ label, change }) {
            return [this.plain(label, async () => {
                const reply = await this.ask(`${whole(this.reply.state)}&${change}`), file = reply?.file;
                if (!file) return reply && this.tell(reply.error);
                const link = make("a", { href: URL.createObjectURL(new Blob([file.text], { type: file.type })), download: file.name });
                link.click();
                setTimeout(() => URL.revokeObjectURL(link.href), 1000);
            })];
        }

        map({ label }) {
            return [make("span", { className: "live-hint" }, label)];
        }

        // The state stands in the address, where the figure has the page for itself.
        keep() {
            clearTimeout(this.keeping);
            this.keeping = setTimeout(() => {
                this.kept = `#${this.reply.state.replace(/[^\w.,;:=&+-]/g, encodeURIComponent)}`;
                history.replaceState(null, "", this.kept);
            }, 400);
        }

        async arrive() {
            if (location.hash === this.kept || !location.hash.startsWith("#figure=")) return;
            const before = this.reply;
            try {
                this.reply = { ...before, state: decodeURIComponent(location.hash.slice(1)) };
                await this.change("");
            } catch {
                this.failed = true; // a sign of per cent without its digits
                this.tell("This address is no address of a figure.");
            }
            if (this.failed) this.reply = before;
        }

        // What lies along an axis can be dragged in the figure itself; the keyboard has the sliders.
        drags() {
            let grabbed;
            const place = event => {
                const box = this.surface.getBoundingClientRect();
                const [left, right, top, bottom, low, high, foot, head] = grabbed?.frame ?? this.reply.frame;
                const scale = 7200 / box.width;
                const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
                return {
                    x: low + (x - left) / (right - left) * (high - low),
                    y: foot + (bottom - y) / (bottom - top) * (head - foot),
                    inside: x >= left && x <= right && y >= top && y <= bottom,
                    reach: 24 * scale / (right - left) * (high - low),
                };
            };
            const nearest = ({ x, inside, reach }) => {
                const away = control => Math.abs(control.value - x);
                const along = flat(this.reply.controls).filter(control => control.axis && away(control) <= reach);
                return inside ? along.sort((a, b) => away(a) - away(b))[0] : undefined;
            };
            const map = () => flat(this.reply.controls).find(control => control.is === "map");
            this.surface.addEventListener("pointermove", event => {
                const at = place(event);
                if (!grabbed) return this.surface.classList.toggle("live-can-drag", Boolean(nearest(at)));
                const { name, step } = grabbed.control;
                this.change(`${name}=${Number((Math.round(at.x / step) * step).toPrecision(12))}`);
            });
            this.surface.addEventListener("pointerdown", event => {
                const at = place(event), control = nearest(at);
                if (event.button !== 0) return;
                if (map() && at.inside) {
                    this.stop();
                    return this.change(`${map().name}=${at.x.toPrecision(4)},${at.y.toPrecision(4)}`).then(() => this.start());
                }
                if (!control) return;
                this.stop();
                grabbed = { control, frame: this.reply.frame };
                this.surface.setPointerCapture(event.pointerId);
                event.preventDefault();
            });
            for (const end of ["pointerup", "pointercancel"]) this.surface.addEventListener(end, () => { grabbed = undefined; });
        }
    }

    if (!/print\.html$/.test(location.pathname)) {
        globalThis.lives = [...document.querySelectorAll(".live")].map(root => new Live(root));
    }
})();
