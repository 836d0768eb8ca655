//! Figures that the reader can change: drawn here by the crate `lab` for the page as it stands, and
//! in the page by the same crate as WebAssembly.

use anyhow::{Context, Result, ensure};
use lab::Lab;
use serde_json::Value;
use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;

/// What the laboratory is compiled for. The mathematics of wasi-libc gives nearly the digits of
/// Linux.
const TARGET: &str = "wasm32-wasip1";

/// The script that brings the laboratory to a page.
pub struct Script {
    /// Its name, which changes with its text.
    pub name: String,
    text: String,
}

impl Script {
    /// Puts it beside the pages.
    pub fn save(&self, folder: &Path) -> Result<()> {
        let file = folder.join(&self.name);
        fs::write(&file, &self.text).with_context(|| file.display().to_string())
    }
}

/// Compiles the laboratory. If the compiler lacks the target, and rustup is there, adds it.
pub fn build(workspace: &Path) -> Result<Script> {
    add_target()?;
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).context("press lies in no target folder")?;
    let built = Command::new(program_named("cargo"))
        .current_dir(workspace)
        .args(["rustc", "--quiet", "--package", "lab_wasm", "--lib"])
        .args(["--crate-type", "cdylib", "--profile", "wasm", "--target", TARGET])
        .arg("--target-dir")
        .arg(target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(workspace)?)
        .status()
        .context("cargo")?;
    ensure!(built.success(), "the laboratory does not compile");
    let folder = target.join(TARGET).join("wasm");
    let wasm = folder.join("lab_wasm.wasm");
    let wasm = fs::read(&wasm).with_context(|| wasm.display().to_string())?;
    let mut hasher = DefaultHasher::new();
    wasm.hash(&mut hasher);
    let name = format!("lab-{:08x}.js", hasher.finish() as u32);
    let text = packed(&wasm, &folder.join(&name))?;
    Ok(Script { name, text })
}

/// The text of the script. It takes some seconds to pack, and is packed once: it stays in `file`.
fn packed(wasm: &[u8], file: &Path) -> Result<String> {
    if let Ok(text) = fs::read_to_string(file) {
        return Ok(text);
    }
    let mut bytes = vec![];
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Zlib, wasm, &mut bytes)?;
    let text = format!("emLab=\"{}\"\n", base64(&bytes));
    let part = file.with_extension("part"); // what is half-written has another name
    fs::write(&part, &text).with_context(|| part.display().to_string())?;
    fs::rename(&part, file).with_context(|| file.display().to_string())?;
    Ok(text)
}

/// Vector units, which every browser has had since 2023; numbers in as few bytes as they need; and no
/// path of this machine in what is published.
fn flags(workspace: &Path) -> Result<String> {
    let homes = ["CARGO_HOME", "HOME"].map(|name| std::env::var(name).unwrap_or_default());
    let cargo = match &homes {
        [cargo, home] if cargo.is_empty() => Path::new(home).join(".cargo"),
        [cargo, _] => cargo.into(),
    };
    let root = workspace.canonicalize()?;
    let unnamed = [root, cargo.join("registry/src")]
        .map(|path| format!("--remap-path-prefix={}=", path.display()));
    Ok(["-Ctarget-feature=+simd128", "-Clink-arg=--compress-relocations"]
        .map(str::to_owned)
        .into_iter()
        .chain(unnamed)
        .collect::<Vec<_>>()
        .join("\x1f"))
}

fn add_target() -> Result<()> {
    let libraries = Command::new(program_named("rustc"))
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("rustc")?;
    if Path::new(String::from_utf8(libraries.stdout)?.trim()).is_dir() {
        return Ok(());
    }
    eprintln!(
        "adding the target {TARGET}, 25 MB, for figures that the reader can change; \
         `cargo book --static` does without"
    );
    let added = Command::new("rustup").args(["target", "add", TARGET]).output();
    ensure!(added.context("rustup")?.status.success(), "rustup cannot add the target");
    Ok(())
}

/// The program that Cargo has started us with.
fn program_named(name: &str) -> String {
    std::env::var(name.to_uppercase()).unwrap_or(name.into())
}

/// The figure `CHAPTER/PICTURE?REQUEST`: a drawing, and for the script all that it needs to begin.
/// Without a script the drawing alone.
pub fn figure(
    name: &str,
    query: &str,
    script: Option<&str>,
) -> Result<String, Box<dyn Error>> {
    let reply = Lab::default().reply(&format!("figure={name}&{query}"));
    let mut reply: Value = serde_json::from_str(&reply)?;
    if let Some(error) = reply.get("error") {
        return Err(error.as_str().unwrap_or_default().into());
    }
    let pictures = reply.as_object_mut().and_then(|fields| fields.remove("pictures"));
    let svg = pictures.as_ref().and_then(|pictures| pictures[0].as_str());
    let svg = svg.ok_or("no picture")?;
    let Some(script) = script else { return Ok(svg.to_owned()) };
    let reply = reply.to_string().replace('&', "&amp;").replace('"', "&quot;");
    Ok(format!(
        "<div class=\"live\" data-lab=\"{script}\" data-reply=\"{reply}\">\
         <div class=\"live-still\">{svg}</div></div>"
    ))
}

/// Bytes as text.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for chunk in bytes.chunks(3) {
        let all = chunk.iter().fold(0, |all, byte| all << 8 | u32::from(*byte));
        let all = all << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(all >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_everybody_writes_them() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn without_a_script_a_live_figure_is_the_drawing_alone() {
        let still = figure("density/histogram", "", None).unwrap();
        assert!(still.starts_with("<svg ") && still.ends_with("</svg>\n"));
        let live = figure("density/histogram", "", Some("lab.js")).unwrap();
        assert!(live.contains(still.trim()) && live.contains("data-lab=\"lab.js\""));
        assert!(figure("density/tea", "", None).is_err());
        assert!(figure("density/histogram", "mean.7=1", None).is_err());
    }
}
