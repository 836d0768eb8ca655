// What is wider than the page scrolls by itself; the keyboard must reach it to scroll it.
function reachWhatScrolls() {
    for (const box of document.querySelectorAll("pre > code, .table-wrapper, .eq-formula")) {
        box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
    }
}
for (const event of ["load", "resize", "toggle"]) {
    addEventListener(event, reachWhatScrolls, true);
}

// The button that shows the contents is a label, which takes clicks but no keys.
document.getElementById("mdbook-sidebar-toggle").addEventListener("keydown", event => {
    if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.target.click();
    }
});
