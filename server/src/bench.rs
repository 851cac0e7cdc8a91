//! `headroom bench`: each measured promise with its bar and its floor.

use domain::time::Day;
use services::bench::{Figure, measure};

use crate::{
    cli::Bench,
    commands::{Outcome, say},
    config::Config,
};

/// The day on which the generated portfolio stands: always the same, so that two runs measure the same work.
const AS_OF: Day = Day(20_486);

/// Measures in a folder of the data directory, which is removed again.
///
/// # Errors
/// When the folder can't be written. A bar that does not hold is no error; it is said.
pub async fn run(config: Config, args: Bench) -> Outcome {
    let folder = config.data_dir.join(format!("bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{} can't be made: {error}", folder.display()))?;
    let accounts = u32::try_from(args.accounts)?;
    println!("{:>11}  {:>11}  {:>11}", "figure", "bar", "floor");
    let mut missed = 0;
    let measured = measure(&folder, accounts, AS_OF, |figure| {
        missed += u32::from(!figure.holds());
        println!("{}", line(figure));
    })
    .await;
    std::fs::remove_dir_all(&folder).map_err(|error| format!("{} can't be removed: {error}", folder.display()))?;
    measured.map_err(say)?;
    match missed {
        0 => println!("Every bar holds."),
        1 => println!("1 bar does not hold."),
        more => println!("{more} bars do not hold."),
    }
    Ok(())
}

/// "    3.214 s    ≤ 5.000 s      1.312 s  first full scan, …"; what has no bar is only said.
fn line(figure: &Figure) -> String {
    let amount = |value: f64| {
        let decimals = if figure.unit == "MB" { 0 } else { 3 };
        format!("{value:.decimals$} {}", figure.unit)
    };
    let bar = figure.bar.map(|bar| format!("≤ {}", amount(bar))).unwrap_or_default();
    let floor = figure.floor.map(amount).unwrap_or_default();
    let verdict = if figure.holds() { "" } else { "  ABOVE THE BAR" };
    format!("{:>11}  {bar:>11}  {floor:>11}  {}{verdict}", amount(figure.value), figure.what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_figure_bar_and_floor_and_whether_the_bar_holds() {
        let figure = |value| Figure { what: "scan".into(), value, bar: Some(5.0), floor: Some(1.25), unit: "s" };
        assert_eq!(line(&figure(3.2)), "    3.200 s    ≤ 5.000 s      1.250 s  scan");
        assert!(line(&figure(5.1)).ends_with("ABOVE THE BAR"));
        assert_eq!(AS_OF.to_string(), "2026-02-02");
    }
}
