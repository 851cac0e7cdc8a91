//! Chart options for ECharts, built with `charming`; colours are custom properties, so one option serves both themes.

use charming::{
    Chart,
    component::{Axis, Grid},
    element::{
        AxisLabel, AxisLine, AxisLineStyle, AxisTick, AxisType, LineStyle, MarkLine, MarkLineData, MarkLineVariant,
        SplitLine, Symbol, Tooltip, Trigger,
    },
    series::{Bar, Line},
};
use domain::{account::Series, format, time::Day, view::account::UsageChart};

/// Weeks on a chart.
const WEEKS: i32 = 52;
/// Fewer points make no line; then there is the table alone.
const LEAST_POINTS: usize = 3;

/// The weekly chart of a metric up to a day: means of a gauge as a line, sums of a count as bars. None without data in
/// the window.
#[must_use]
pub fn usage(metric: &str, series: &Series, gauge: bool, limit: Option<f64>, today: Day) -> Option<UsageChart> {
    let points: Vec<(Day, f64)> = (0..WEEKS)
        .rev()
        .filter_map(|ago| {
            let last = today - 7 * ago;
            let first = last - 6;
            if gauge {
                series.mean(first, last).map(|(mean, _)| (last, round(mean)))
            } else {
                (!series.between(first, last).is_empty()).then(|| (last, round(series.sum(first, last))))
            }
        })
        .collect();
    let (first, newest) = (points.first()?.1, points.last()?.1);
    let name = label(metric);
    let how = if gauge { "weekly mean" } else { "per week" };
    let change = if first > 0.0 {
        format!(", {} to {}", format::quantity(first), format::quantity(newest))
    } else {
        String::new()
    };
    let against = limit.map_or_else(String::new, |limit| format!("; the limit is {}", format::quantity(limit)));
    let option_json = if points.len() < LEAST_POINTS { String::new() } else { option(&points, gauge, limit, today) };
    Some(UsageChart {
        metric: metric.into(),
        title: format!("{name}, {how}"),
        summary: format!("{name} {how} over {} weeks{change}{against}.", points.len()),
        option_json,
        points,
    })
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Words for a metric: `active_users` is "Active users", `feature.export` is "Export".
#[must_use]
pub fn label(metric: &str) -> String {
    let (name, tail) = match metric.strip_prefix("feature.") {
        Some(feature) => match feature.strip_suffix(".denied") {
            Some(denied) => (denied, " attempts outside the plan"),
            None => (feature, ""),
        },
        None => (metric, ""),
    };
    if metric == "api_calls" {
        return "API calls".into();
    }
    if metric == "storage_gb" {
        return "Storage in GB".into();
    }
    let words = name.replace(['_', '.'], " ");
    let mut chars = words.chars();
    let words: String = chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect());
    format!("{words}{tail}")
}

fn option(points: &[(Day, f64)], gauge: bool, limit: Option<f64>, today: Day) -> String {
    let days: Vec<String> = points.iter().map(|(day, _)| format::day(*day, today)).collect();
    let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    let text = || AxisLabel::new().color("var(--chart-axis)").font_size(11);
    let line = || LineStyle::new().color("var(--chart-grid)");
    let x = Axis::new()
        .type_(AxisType::Category)
        .data(days)
        .axis_label(text())
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().line_style(AxisLineStyle::new().color((1.0, "var(--chart-grid)"))));
    let y =
        Axis::new().type_(AxisType::Value).min(0).axis_label(text()).split_line(SplitLine::new().line_style(line()));
    let limit_line = limit.map(|limit| {
        MarkLine::new()
            .symbol(vec![Symbol::None, Symbol::None])
            .line_style(LineStyle::new().color("var(--chart-6)"))
            .data(vec![MarkLineVariant::Simple(MarkLineData::new().y_axis(limit).name("limit"))])
    });
    let chart = Chart::new()
        .grid(Grid::new().left(48).right(16).top(16).bottom(28))
        .tooltip(Tooltip::new().trigger(Trigger::Axis))
        .x_axis(x)
        .y_axis(y);
    let chart = if gauge {
        let series =
            Line::new().symbol(Symbol::None).line_style(LineStyle::new().color("var(--chart-1)").width(2)).data(values);
        chart.series(match limit_line {
            Some(mark) => series.mark_line(mark),
            None => series,
        })
    } else {
        let series = Bar::new().item_style(charming::element::ItemStyle::new().color("var(--chart-1)")).data(values);
        chart.series(series)
    };
    serde_json::to_string(&chart).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_and_its_table_hold_the_same_weeks() {
        let today: Day = "2026-02-02".parse().unwrap();
        let series = Series { points: (0..70).map(|i| (today - 69 + i, 10.0)).collect() };
        let chart = usage("feature.export", &series, false, None, today).unwrap();
        assert_eq!(chart.points.len(), 10);
        assert!(chart.points.iter().all(|(_, sum)| (*sum - 70.0).abs() < 1e-9));
        assert_eq!(chart.title, "Export, per week");
        let option: serde_json::Value = serde_json::from_str(&chart.option_json).unwrap();
        assert_eq!(option["series"][0]["data"].as_array().unwrap().len(), 10);
        assert!(usage("active_users", &Series::default(), true, None, today).is_none());
    }
}
