//! On which machine and when, and the middle of what was measured there.

use fearless_simd::Level;

/// The processor, as far as the system tells.
pub fn processor() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1));
    model.map_or(std::env::consts::ARCH, str::trim).replace(',', " ")
}

/// Its widest vector units.
pub fn vector_units() -> String {
    let level = format!("{:?}", Level::new());
    level.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// Year, month and day, in Greenwich.
pub fn today() -> String {
    jiff::Timestamp::now().strftime("%F").to_string()
}

/// The upper one of two in the middle. Of no times there is none: NaN.
pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
