// What a page does besides being read: its theme, its contents on a narrow screen, its search, its keys.
(() => {
    const root = document.documentElement, by = id => document.getElementById(id);
    const make = (tag, attributes = {}, ...children) => {
        const element = Object.assign(document.createElement(tag), attributes);
        element.append(...children);
        return element;
    };

    // The theme. What is chosen is kept; Auto follows the system.
    const dark = matchMedia("(prefers-color-scheme: dark)"), choice = by("mdbook-theme");
    const stored = () => {
        try { return localStorage.getItem("mdbook-theme"); } catch { return null; }
    };
    const paint = () => {
        const theme = ["light", "navy"].includes(stored()) ? stored() : dark.matches ? "navy" : "light";
        root.classList.remove("light", "navy");
        root.classList.add(theme);
        document.querySelector("meta[name=theme-color]").content = getComputedStyle(root).getPropertyValue("--bg").trim();
    };
    choice.value = ["light", "navy"].includes(stored()) ? stored() : "";
    choice.addEventListener("change", () => {
        try {
            if (choice.value) localStorage.setItem("mdbook-theme", choice.value);
            else localStorage.removeItem("mdbook-theme");
        } catch {}
        paint();
    });
    dark.addEventListener("change", paint);
    paint();

    // The contents: beside the text where there is room, over it where there is none. Without this script the
    // button leads down to them.
    const contents = by("contents"), menu = by("mdbook-sidebar-toggle"), narrow = matchMedia("(max-width: 68em)");
    menu.setAttribute("role", "button");
    menu.setAttribute("aria-controls", "contents");
    const shown = () => narrow.matches ? root.classList.contains("contents-open") : !root.classList.contains("contents-closed");
    const show = (open, focus) => {
        root.classList.toggle("contents-open", open && narrow.matches);
        if (!narrow.matches) root.classList.toggle("contents-closed", !open);
        menu.setAttribute("aria-expanded", open);
        if (focus) (open ? contents.querySelector("[aria-current], a") : menu).focus();
    };
    show(!narrow.matches && !root.classList.contains("contents-closed"));
    narrow.addEventListener("change", () => show(!narrow.matches));
    menu.addEventListener("click", event => {
        event.preventDefault();
        show(!shown(), true);
    });
    contents.addEventListener("click", event => {
        if (event.target.closest("a") && narrow.matches) show(false);
    });
    document.addEventListener("pointerdown", event => {
        if (narrow.matches && shown() && !contents.contains(event.target) && !menu.contains(event.target)) show(false);
    });
    const current = contents.querySelector("[aria-current]");
    if (current && !narrow.matches) requestAnimationFrame(() => { contents.scrollTop = Math.max(0, current.offsetTop - innerHeight / 2); });

    // What is wider than the page scrolls by itself; the keyboard must reach it to scroll it, and the eye must see
    // that there is more.
    const wide = "pre > code, .table-wrapper, .eq-formula";
    const fade = (box, [left, seen, all]) => {
        box.classList.toggle("more-right", left + seen < all - 1);
        box.classList.toggle("more-left", left > 1);
    };
    const measured = box => [box.scrollLeft, box.clientWidth, box.scrollWidth];
    const reach = () => {
        // Everything is read before anything is written: after each change the page would be laid out again.
        for (const [box, measures] of [...document.querySelectorAll(wide)].map(box => [box, measured(box)])) {
            const more = measures[2] > measures[1] + 1;
            const put = (name, value) => more ? box.setAttribute(name, value) : box.removeAttribute(name);
            put("tabindex", 0);
            if (!box.matches(".eq-formula")) {
                put("role", "region");
                put("aria-label", box.matches("code") ? "Code" : "Table");
            }
            fade(box, measures);
            box.onscroll = () => fade(box, measured(box));
        }
    };
    for (const event of ["load", "resize", "toggle"]) addEventListener(event, reach, true);
    document.fonts?.addEventListener("loadingdone", reach);

    // Copying: a listing as it is, an output's command without its prompt.
    if (navigator.clipboard) {
        for (const code of document.querySelectorAll("main pre:not(.saved) > code")) {
            const pre = code.parentElement, text = () => code.innerText.replace(/^\$ /, "");
            if (pre.closest(".output") && !pre.matches(".command")) continue;
            const button = make("button", { type: "button", className: "copy" }, "Copy");
            button.addEventListener("click", async () => {
                await navigator.clipboard.writeText(text());
                button.textContent = "Copied";
                setTimeout(() => { button.textContent = "Copy"; }, 1500);
            });
            pre.append(button);
        }
    }

    // The search. Its index comes when somebody asks for it, as a script: so it does from a file, too.
    const box = by("mdbook-search-wrapper"), field = by("mdbook-searchbar"), list = by("mdbook-searchresults");
    const status = by("mdbook-searchresults-header"), opener = by("mdbook-search-toggle");
    const fold = text => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[\u2010-\u2015\u2212_]/g, "-");
    let index;
    const ready = () => index ??= new Promise((resolve, reject) => {
        const script = make("script", { src: box.dataset.index });
        script.onload = () => {
            const { synonyms, pages } = globalThis.bookIndex;
            const sections = pages.flatMap(([url, title, parts]) => parts.map(([id, heading, text, hidden]) => ({
                url: id ? `${url}#${id}` : url, title, heading, text,
                head: fold(`${heading} ${id ? "" : title}`), body: fold(text), hidden: fold(`${hidden ?? ""} ${title}`),
            })));
            resolve({ synonyms, sections });
        };
        script.onerror = () => reject(new Error(`${script.src} is missing`));
        document.head.append(script);
    });

    // How well a text has a word: as a word, as the beginning of one, anywhere.
    const escape = word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const rank = word => {
        const begins = new RegExp(`(^|[^\\p{L}\\p{N}])${escape(word)}`, "gu");
        const whole = new RegExp(`(^|[^\\p{L}\\p{N}])${escape(word)}(?![\\p{L}\\p{N}])`, "u");
        const count = text => (text.match(begins) ?? []).length;
        return section => {
            const head = whole.test(section.head) ? 60 : count(section.head) ? 40 : 0;
            const body = count(section.body), hidden = whole.test(section.hidden) ? 6 : count(section.hidden) ? 2 : 0;
            return head + hidden + (body ? (whole.test(section.body) ? 6 : 3) + Math.min(body, 6) : 0);
        };
    };
    const mark = (text, words) => {
        const found = new RegExp(`(${words.map(escape).join("|")})`, "giu"), parts = text.split(found);
        return parts.map((part, i) => i % 2 ? make("mark", {}, part) : part);
    };
    const teaser = (section, words) => {
        const at = Math.max(0, ...words.map(word => section.body.indexOf(word)));
        const from = at < 60 ? 0 : section.text.lastIndexOf(" ", at - 50) + 1;
        const piece = section.text.slice(from, from + 170);
        return `${from ? "\u2026 " : ""}${piece.slice(0, piece.lastIndexOf(" ") > 120 ? piece.lastIndexOf(" ") : undefined)} \u2026`;
    };
    let turn = 0;
    const search = async () => {
        const asked = fold(field.value).trim(), now = ++turn;
        let found;
        try {
            found = await ready();
        } catch (error) {
            status.textContent = error.message;
            return;
        }
        if (now !== turn) return;
        if (!asked) {
            list.replaceChildren();
            status.textContent = "";
            return;
        }
        const { synonyms, sections } = found;
        // Each word as it is, or by another name for it; a whole line may be a name, too.
        const names = word => [word, ...(synonyms[word] ?? [])];
        const scored = words => {
            const ranks = words.map(word => names(word).map((name, i) => [rank(name), i ? 0.6 : 1]));
            return sections.map(section => {
                const scores = ranks.map(names => Math.max(...names.map(([rank, weight]) => weight * rank(section))));
                return { section, score: scores.includes(0) ? 0 : scores.reduce((a, b) => a + b, 0) };
            }).filter(({ score }) => score).sort((a, b) => b.score - a.score);
        };
        const words = asked.split(/\s+/);
        const whole = words.length > 1 ? scored([asked]) : [], each = scored(words), seen = new Set();
        const results = [...whole, ...each].filter(({ section }) => !seen.has(section) && seen.add(section)).slice(0, 20);
        const shown = [...new Set([...words, asked].flatMap(names))];
        status.textContent = results.length ? `${results.length === 20 ? "The best 20" : results.length} for \u201c${field.value.trim()}\u201d` : `Nothing for \u201c${field.value.trim()}\u201d`;
        list.replaceChildren(...results.map(({ section }) => {
            const link = make("a", { href: section.url }, ...mark(section.heading, shown));
            const where = section.title === section.heading ? "" : make("small", {}, section.title);
            return make("li", {}, link, " ", where, make("p", {}, ...mark(teaser(section, shown), shown)));
        }));
    };
    const searching = open => {
        box.hidden = !open;
        opener.setAttribute("aria-expanded", open);
        if (open) {
            field.focus();
            field.select();
            ready().catch(() => {});
        } else {
            opener.focus();
        }
    };
    if (box.dataset.index) {
        opener.addEventListener("click", event => {
            event.preventDefault();
            searching(box.hidden);
        });
        field.addEventListener("input", search);
        by("mdbook-searchbar-outer").addEventListener("submit", event => {
            event.preventDefault();
            list.querySelector("a")?.click();
        });
        box.addEventListener("keydown", event => {
            if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
            const all = [field, ...list.querySelectorAll("a")], at = all.indexOf(document.activeElement);
            event.preventDefault();
            all[Math.min(all.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
        });
        list.addEventListener("click", event => {
            if (event.target.closest("a")) searching(false);
        });
        document.querySelector(".lost-search")?.addEventListener("click", () => searching(true));
    } else {
        opener.remove();
    }

    // Under a wrong address a fragment would lead to the first page, by the base that this page has.
    if (document.querySelector("base")) document.addEventListener("click", event => {
        const target = by(event.target.closest("a[href^='#']")?.hash.slice(1) ?? "");
        if (!target || event.defaultPrevented) return;
        event.preventDefault();
        target.scrollIntoView();
        target.focus();
    });

    // Keys, where they are not wanted for anything else.
    document.addEventListener("keydown", event => {
        if (event.key === "Escape") {
            if (!box.hidden) searching(false);
            else if (narrow.matches && shown()) show(false, true);
            return;
        }
        const busy = event.target.closest("input, select, textarea, button, summary, [tabindex='0'], [contenteditable]");
        if (busy || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const turn = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
        if (turn) document.querySelector(`.turn [rel~=${turn}]`)?.click();
        if ((event.key === "/" || event.key === "s") && box.dataset.index) {
            event.preventDefault();
            searching(true);
        }
    });
})();
