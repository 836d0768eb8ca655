//! A program that may run for ever, or print without end.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What a program may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long it may run.
    pub time: Duration,
    /// How many bytes it may print.
    pub output: usize,
}

/// How a program has run.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its exit code; none if it was stopped.
    pub code: Option<i32>,
    /// What it has printed.
    pub output: String,
    /// Whether it was stopped because its time was over.
    pub late: bool,
    /// Whether it was stopped because it printed too much.
    pub loud: bool,
}

/// Runs a program within limits. `input` is what it reads; `stop` ends it and what it has started.
///
/// # Errors
///
/// The program cannot be started.
pub fn run(
    command: &mut Command,
    input: Stdio,
    limits: &Limits,
    mut stop: impl FnMut(&mut Child),
) -> io::Result<Ran> {
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let heard = Arc::new(Heard::default());
    let pipes: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|pipe| Box::new(pipe) as _),
        child.stderr.take().map(|pipe| Box::new(pipe) as _),
    ];
    for pipe in pipes.into_iter().flatten() {
        let heard = Arc::clone(&heard);
        let most = limits.output;
        heard.open.fetch_add(1, Relaxed);
        thread::spawn(move || heard.listen(pipe, most));
    }
    let begun = Instant::now();
    let (mut code, mut pause) = (None, Duration::from_millis(1));
    let late = loop {
        if let Some(status) = child.try_wait()? {
            code = status.code();
            break has_had_its_processor(status);
        }
        let late = begun.elapsed() > limits.time;
        if late || heard.loud.load(Relaxed) {
            stop(&mut child);
            child.wait()?;
            break late;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    // What it has started may hold its pipes open; what it has said is there at once.
    let patience = Instant::now();
    while heard.open.load(Relaxed) > 0 && patience.elapsed() < Duration::from_millis(500) {
        thread::sleep(Duration::from_millis(1));
    }
    stop(&mut child);
    let bytes = heard.bytes.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let output = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Ran { code, output, late, loud: heard.loud.load(Relaxed) })
}

/// Whether the system has ended a program because its time of processors was over.
fn has_had_its_processor(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        const SIGXCPU: i32 = 24;
        std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGXCPU)
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}

/// What is read from a program.
#[derive(Default)]
struct Heard {
    bytes: Mutex<Vec<u8>>,
    loud: AtomicBool,
    open: AtomicUsize,
}

impl Heard {
    fn listen(&self, mut pipe: impl Read, most: usize) {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = pipe.read(&mut buffer) {
            let mut bytes =
                self.bytes.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if bytes.len() + read > most {
                self.loud.store(true, Relaxed);
                break;
            }
            bytes.extend_from_slice(&buffer[..read]);
        }
        self.open.fetch_sub(1, Relaxed);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn told(script: &str) -> Ran {
        let limits = Limits { time: Duration::from_millis(300), output: 100 };
        let stop = |child: &mut Child| drop(child.kill());
        run(Command::new("sh").args(["-c", script]), Stdio::null(), &limits, stop).unwrap()
    }

    #[test]
    fn a_program_is_late_by_the_clock_or_by_its_processor() {
        assert!(told("sleep 9").late);
        assert!(told("kill -XCPU $$").late);
        assert!(!told("kill -TERM $$").late);
        assert!(!told("exit 3").late);
    }
}
