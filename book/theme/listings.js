// A listing that is wider than the page scrolls; the keyboard must reach it to scroll it.
for (const code of document.querySelectorAll("pre > code")) {
    code.tabIndex = 0;
}
