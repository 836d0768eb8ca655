// Slides: arrow keys, #n in the address, N for the notes in a second window.
(() => {
    const slides = [...document.querySelectorAll(".slide")];
    let now = 0, notes;
    document.documentElement.classList.add("js");
    slides.forEach((slide, i) => { slide.querySelector(".count").textContent = `${i + 1} / ${slides.length}`; });

    // What does not fit is set smaller, down to four fifths of its size.
    const FLOOR = 0.8;
    const sticksOut = box => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    function fit(slide) {
        const seen = slide.classList.contains("now");
        slide.classList.add("now"); // what is hidden has no size
        for (let size = 1; size >= FLOOR; size -= 0.04) {
            slide.style.fontSize = `${size.toFixed(2)}rem`;
            if (![slide, ...slide.querySelectorAll("pre, .eq-formula")].some(sticksOut)) break;
        }
        slide.classList.toggle("now", seen);
    }

    function show(n) {
        now = Math.min(Math.max(n, 0), slides.length - 1);
        slides.forEach((slide, i) => slide.classList.toggle("now", i === now));
        history.replaceState(null, "", `#${now + 1}`);
        tell();
    }

    function tell() {
        if (!notes || notes.closed) return;
        const [title, next] = [now, now + 1].map(i => slides[i]?.querySelector("h3")?.textContent ?? "the end");
        const page = notes.document;
        page.title = `Notes: ${document.title}`;
        page.documentElement.lang = "en";
        page.body.style.cssText = "font: 22px/1.5 sans-serif; margin: 1.5em; max-width: 40em";
        const line = (tag, text) => Object.assign(page.createElement(tag), { textContent: text });
        const note = Object.assign(page.createElement("div"), { innerHTML: slides[now].querySelector(".note").innerHTML });
        page.body.replaceChildren(line("p", `${now + 1} / ${slides.length}`), line("h1", title), note, line("p", `Next: ${next}`));
    }

    function open() {
        notes = window.open("", "notes", "width=700,height=500");
        if (!notes) return;
        notes.document.addEventListener("keydown", key);
        tell();
    }

    // Keys that a figure, a button or a folded answer needs stay theirs.
    const busy = (target, key) => {
        if (!(target instanceof Element)) return false;
        if (target.closest("input, select, textarea, .live")) return true;
        return [" ", "Enter"].includes(key) && Boolean(target.closest("summary, button, a"));
    };

    function key(event) {
        if (event.ctrlKey || event.altKey || event.metaKey || busy(event.target, event.key)) return;
        const to = {
            ArrowRight: now + 1, ArrowDown: now + 1, PageDown: now + 1, " ": now + 1,
            ArrowLeft: now - 1, ArrowUp: now - 1, PageUp: now - 1,
            Home: 0, End: slides.length - 1,
        }[event.key];
        if (to !== undefined) {
            event.preventDefault();
            show(to);
        } else if (event.key.toLowerCase() === "n") {
            open();
        }
    }

    addEventListener("keydown", key);
    addEventListener("resize", () => slides.forEach(fit));
    document.fonts.ready.then(() => slides.forEach(fit));
    addEventListener("hashchange", () => show((parseInt(location.hash.slice(1), 10) || 1) - 1));
    show((parseInt(location.hash.slice(1), 10) || 1) - 1);
})();
