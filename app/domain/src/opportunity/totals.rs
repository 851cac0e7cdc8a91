//! What many found opportunities add up to: the one place for the finder's figures, for page, API, drawer and export
//! (PRD-060 "Portfolio Summary", PRODUCT 1.1). A figure and the rows behind it come from the same [`Measure`].

use std::{cmp::Reverse, collections::BTreeSet, fmt, str::FromStr};

use super::{ConfidenceLevel, FoundStatus, OpportunityType, Timeline};
use crate::{
    format,
    id::FoundId,
    money::Money,
    view::finder::{Figure, GroupRow},
};

/// "High value" of a quick win when no setting says otherwise.
pub const DEFAULT_QUICK_WIN_AT: Money = Money::units(25_000);

/// A found opportunity as light as figures need it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Id; breaks ties of the ranking.
    pub id: FoundId,
    /// Type.
    pub kind: OpportunityType,
    /// Where it stands.
    pub status: FoundStatus,
    /// When it is due.
    pub timeline: Timeline,
    /// 0–100, one decimal.
    pub confidence: f64,
    /// See [`shown_value`]; none counts, but adds nothing.
    pub value: Option<Money>,
}

/// What a row is worth: the amount of its record, else the expected value.
#[must_use]
pub fn shown_value(record_amount: Option<Money>, expected: Option<Money>) -> Option<Money> {
    record_amount.or(expected)
}

impl Row {
    /// Confidence in tenths, so that comparisons are exact.
    fn confidence_tenths(&self) -> i64 {
        (self.confidence * 10.0).round() as i64
    }

    /// In the totals: held back and exploratory ones are listed apart.
    fn is_counted(&self) -> bool {
        matches!(self.status, FoundStatus::Open | FoundStatus::Candidate)
    }

    /// Sorts by value × confidence, the largest first; without an amount last, then by confidence and id.
    #[must_use]
    pub fn rank(&self) -> impl Ord + use<> {
        let product = self.value.map(|value| i128::from(value.0) * i128::from(self.confidence_tenths()));
        (Reverse(product), Reverse(self.confidence_tenths()), self.id)
    }
}

/// What a list is narrowed to; the default lets everything through. Whose rows one may see is decided before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Types; empty is all.
    pub kinds: BTreeSet<OpportunityType>,
    /// Confidence level.
    pub level: Option<ConfidenceLevel>,
    /// Confidence at least.
    pub min_confidence: Option<f64>,
    /// Timeline.
    pub timeline: Option<Timeline>,
    /// Value at least; a row without an amount does not pass.
    pub min_value: Option<Money>,
    /// Status.
    pub status: Option<FoundStatus>,
}

impl Filter {
    /// Whether a row passes.
    #[must_use]
    pub fn lets_through(&self, row: &Row) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&row.kind))
            && self.level.is_none_or(|level| ConfidenceLevel::of(row.confidence) == level)
            && self.min_confidence.is_none_or(|least| row.confidence >= least)
            && self.timeline.is_none_or(|timeline| row.timeline == timeline)
            && self.min_value.is_none_or(|least| row.value.is_some_and(|value| value >= least))
            && self.status.is_none_or(|status| row.status == status)
    }
}

/// A figure of the finder: says which rows are behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Open ones and candidates.
    Found,
    /// Those with a record.
    InPipeline,
    /// Those that wait for confirmation.
    Candidates,
    /// Confidence above 70.
    High,
    /// Immediate.
    Immediate,
    /// High value, high confidence, immediate.
    QuickWins,
    /// Of one type.
    Type(OpportunityType),
    /// Of one timeline.
    Timeline(Timeline),
    /// Held back; not in the totals.
    Held,
    /// Composite below 0.6; not in the totals.
    Exploratory,
}

impl Measure {
    /// Whether a row is behind the figure.
    #[must_use]
    pub fn includes(self, row: &Row, quick_win_at: Money) -> bool {
        let is_high = ConfidenceLevel::of(row.confidence) == ConfidenceLevel::High;
        let is_immediate = row.timeline == Timeline::Immediate;
        match self {
            Measure::Held => row.status == FoundStatus::HeldBack,
            Measure::Exploratory => row.status == FoundStatus::Exploratory,
            _ if !row.is_counted() => false,
            Measure::Found => true,
            Measure::InPipeline => row.status == FoundStatus::Open,
            Measure::Candidates => row.status == FoundStatus::Candidate,
            Measure::High => is_high,
            Measure::Immediate => is_immediate,
            Measure::QuickWins => is_high && is_immediate && row.value.is_some_and(|value| value >= quick_win_at),
            Measure::Type(kind) => row.kind == kind,
            Measure::Timeline(timeline) => row.timeline == timeline,
        }
    }

    /// Title of the drawer.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Measure::Found => "Found",
            Measure::InPipeline => "In the pipeline",
            Measure::Candidates => "Candidates",
            Measure::High => "High confidence",
            Measure::Immediate => "Immediate",
            Measure::QuickWins => "Quick wins",
            Measure::Type(kind) => kind.label(),
            Measure::Timeline(timeline) => timeline.label(),
            Measure::Held => "Held back",
            Measure::Exploratory => "Exploratory",
        }
    }

    /// The formula in words.
    #[must_use]
    pub fn formula(self, quick_win_at: Money, currency: &str) -> String {
        let which = match self {
            Measure::Found => "with a record or with a composite score of 0.60 or more".to_owned(),
            Measure::InPipeline => "with an open record".to_owned(),
            Measure::Candidates => "with a composite score of 0.60 or more and no record yet".to_owned(),
            Measure::High => "found with a confidence above 70".to_owned(),
            Measure::Immediate => "found with the timeline immediate".to_owned(),
            Measure::QuickWins => format!(
                "found with a value of {} or more, a confidence above 70 and the timeline immediate",
                format::money(quick_win_at, currency)
            ),
            Measure::Type(kind) => format!("found of the type {}", kind.label().to_lowercase()),
            Measure::Timeline(timeline) => format!("found with the timeline {}", timeline.label().to_lowercase()),
            Measure::Held => "that a guard holds back and that have no record; they are not in the totals".to_owned(),
            Measure::Exploratory => {
                "with a composite score below 0.60 and no record; they are not in the totals".to_owned()
            }
        };
        format!(
            "Sum of the values of the opportunities {which}. The value is the amount of the record, else the expected value."
        )
    }
}

impl fmt::Display for Measure {
    /// The word in addresses: `open=type:seat_expansion`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measure::Found => f.write_str("found"),
            Measure::InPipeline => f.write_str("in_pipeline"),
            Measure::Candidates => f.write_str("candidates"),
            Measure::High => f.write_str("high"),
            Measure::Immediate => f.write_str("immediate"),
            Measure::QuickWins => f.write_str("quick"),
            Measure::Type(kind) => write!(f, "type:{}", kind.key()),
            Measure::Timeline(timeline) => write!(f, "timeline:{}", timeline.key()),
            Measure::Held => f.write_str("held"),
            Measure::Exploratory => f.write_str("exploratory"),
        }
    }
}

impl FromStr for Measure {
    type Err = String;

    fn from_str(text: &str) -> Result<Measure, String> {
        let unknown = || format!("{:?} is not a figure of the finder", text.chars().take(80).collect::<String>());
        Ok(match text {
            "found" => Measure::Found,
            "in_pipeline" => Measure::InPipeline,
            "candidates" => Measure::Candidates,
            "high" => Measure::High,
            "immediate" => Measure::Immediate,
            "quick" => Measure::QuickWins,
            "held" => Measure::Held,
            "exploratory" => Measure::Exploratory,
            other => match other.split_once(':') {
                Some(("type", key)) => Measure::Type(OpportunityType::from_key(key).ok_or_else(unknown)?),
                Some(("timeline", key)) => Measure::Timeline(Timeline::from_key(key).ok_or_else(unknown)?),
                _ => return Err(unknown()),
            },
        })
    }
}

/// Count and value of the rows behind a figure, with how many of them have no amount.
#[must_use]
pub fn figure(rows: &[Row], measure: Measure, quick_win_at: Money) -> (Figure, u32) {
    let behind = rows.iter().filter(|row| measure.includes(row, quick_win_at));
    behind.fold((Figure::default(), 0), |(figure, missing), row| {
        let sum = Figure { count: figure.count + 1, value: figure.value + row.value.unwrap_or(Money::ZERO) };
        (sum, missing + u32::from(row.value.is_none()))
    })
}

/// Every figure of the finder.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// Open ones and candidates.
    pub found: Figure,
    /// Those with a record.
    pub in_pipeline: Figure,
    /// Those that wait for confirmation.
    pub candidates: Figure,
    /// Confidence above 70.
    pub high: Figure,
    /// Immediate.
    pub immediate: Figure,
    /// High value, high confidence, immediate.
    pub quick_wins: Figure,
    /// Held back; not in the totals.
    pub held: Figure,
    /// Waiting for confirmation; not in the totals.
    pub exploratory: Figure,
    /// In `found.count` without an amount.
    pub no_amount: u32,
    /// Mean confidence of what is found, one decimal.
    pub average_confidence: Option<f64>,
    /// By type in the order of the enum, only those with rows.
    pub by_type: Vec<GroupRow>,
    /// By timeline, all four.
    pub by_timeline: Vec<GroupRow>,
}

/// All figures over the rows that match a filter.
#[must_use]
pub fn totals(rows: &[Row], quick_win_at: Money) -> Totals {
    let of = |measure| figure(rows, measure, quick_win_at).0;
    let (found, no_amount) = figure(rows, Measure::Found, quick_win_at);
    let group = |key: &str, label: &str, measure| GroupRow {
        key: key.to_owned(),
        label: label.to_owned(),
        figure: of(measure),
        average_confidence: average_confidence(rows, measure, quick_win_at),
    };
    let by_type = OpportunityType::ALL.iter().map(|kind| group(kind.key(), kind.label(), Measure::Type(*kind)));
    Totals {
        found,
        in_pipeline: of(Measure::InPipeline),
        candidates: of(Measure::Candidates),
        high: of(Measure::High),
        immediate: of(Measure::Immediate),
        quick_wins: of(Measure::QuickWins),
        held: of(Measure::Held),
        exploratory: of(Measure::Exploratory),
        no_amount,
        average_confidence: average_confidence(rows, Measure::Found, quick_win_at),
        by_type: by_type.filter(|row| row.figure.count > 0).collect(),
        by_timeline: Timeline::ALL.iter().map(|t| group(t.key(), t.label(), Measure::Timeline(*t))).collect(),
    }
}

/// Mean confidence of the rows behind a figure, rounded to one decimal.
fn average_confidence(rows: &[Row], measure: Measure, quick_win_at: Money) -> Option<f64> {
    let tenths: Vec<i64> =
        rows.iter().filter(|row| measure.includes(row, quick_win_at)).map(Row::confidence_tenths).collect();
    let count = tenths.len() as i64;
    (count > 0).then(|| ((2 * tenths.iter().sum::<i64>() + count) / (2 * count)) as f64 / 10.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(
        id: i64,
        kind: OpportunityType,
        status: FoundStatus,
        timeline: Timeline,
        confidence: f64,
        units: Option<i64>,
    ) -> Row {
        Row { id: FoundId(id), kind, status, timeline, confidence, value: units.map(Money::units) }
    }

    fn sample() -> Vec<Row> {
        use FoundStatus::{Candidate, Exploratory, HeldBack, Open};
        use OpportunityType::{CrossSell, MultiYear, SeatExpansion, TierUpgrade};
        use Timeline::{Days30, Days60, Immediate, NextRenewal};
        vec![
            row(1, SeatExpansion, Open, Immediate, 85.1, Some(45_000)),
            row(2, MultiYear, Open, Immediate, 88.0, Some(28_000)),
            row(3, TierUpgrade, Open, Immediate, 70.0, Some(32_000)),
            row(4, CrossSell, Open, Days30, 72.0, Some(35_000)),
            row(5, CrossSell, Candidate, NextRenewal, 48.0, None),
            row(6, SeatExpansion, Candidate, Immediate, 76.0, Some(24_999)),
            row(7, TierUpgrade, HeldBack, Days60, 80.0, Some(120_000)),
            row(8, CrossSell, Exploratory, Days60, 40.0, Some(3_000)),
        ]
    }

    #[test]
    fn each_figure_counts_its_rows() {
        let all = totals(&sample(), DEFAULT_QUICK_WIN_AT);
        let figure = |count, units| Figure { count, value: Money::units(units) };
        assert_eq!(all.found, figure(6, 164_999));
        assert_eq!((all.in_pipeline, all.candidates), (figure(4, 140_000), figure(2, 24_999)));
        assert_eq!(all.high, figure(4, 132_999), "70.0 is not above 70");
        assert_eq!(all.immediate, figure(4, 129_999));
        assert_eq!(all.quick_wins, figure(2, 73_000));
        assert_eq!((all.held, all.exploratory, all.no_amount), (figure(1, 120_000), figure(1, 3_000), 1));
        assert_eq!(all.average_confidence, Some(73.2));
        let types: Vec<_> =
            all.by_type.iter().map(|r| (r.key.as_str(), r.figure.count, r.average_confidence)).collect();
        assert_eq!(
            types,
            [
                ("seat_expansion", 2, Some(80.6)),
                ("tier_upgrade", 1, Some(70.0)),
                ("cross_sell", 2, Some(60.0)),
                ("multi_year", 1, Some(88.0))
            ]
        );
        let timelines: Vec<_> =
            all.by_timeline.iter().map(|r| (r.key.as_str(), r.figure.count, r.average_confidence)).collect();
        assert_eq!(
            timelines,
            [
                ("immediate", 4, Some(79.8)),
                ("30_days", 1, Some(72.0)),
                ("60_days", 0, None),
                ("next_renewal", 1, Some(48.0))
            ]
        );
    }

    #[test]
    fn rows_rank_by_value_times_confidence() {
        let mut rows = sample();
        rows.push(row(9, OpportunityType::AddOn, FoundStatus::Candidate, Timeline::Days60, 90.0, None));
        rows.sort_by_key(Row::rank);
        let ids: Vec<i64> = rows.iter().map(|r| r.id.0).collect();
        assert_eq!(ids, [7, 1, 4, 2, 3, 6, 8, 9, 5]);
    }

    #[test]
    fn filters_narrow() {
        let count = |filter: Filter| sample().iter().filter(|row| filter.lets_through(row)).count();
        let any = Filter::default;
        for (what, filter, expected) in [
            ("everything", any(), 8),
            ("types", Filter { kinds: [OpportunityType::CrossSell, OpportunityType::MultiYear].into(), ..any() }, 4),
            ("high", Filter { level: Some(ConfidenceLevel::High), ..any() }, 5),
            ("medium", Filter { level: Some(ConfidenceLevel::Medium), ..any() }, 1),
            ("at least 72", Filter { min_confidence: Some(72.0), ..any() }, 5),
            ("immediate", Filter { timeline: Some(Timeline::Immediate), ..any() }, 4),
            ("at least $32,000", Filter { min_value: Some(Money::units(32_000)), ..any() }, 4),
            ("held back", Filter { status: Some(FoundStatus::HeldBack), ..any() }, 1),
        ] {
            assert_eq!(count(filter), expected, "{what}");
        }
    }

    #[test]
    fn every_measure_survives_its_address_and_explains_itself() {
        let mut measures =
            vec![Measure::Found, Measure::InPipeline, Measure::Candidates, Measure::High, Measure::Immediate];
        measures.extend([Measure::QuickWins, Measure::Held, Measure::Exploratory]);
        measures.extend(OpportunityType::ALL.iter().map(|kind| Measure::Type(*kind)));
        measures.extend(Timeline::ALL.iter().map(|timeline| Measure::Timeline(*timeline)));
        for measure in measures {
            assert_eq!(measure.to_string().parse(), Ok(measure));
            assert!(
                !measure.title().is_empty()
                    && measure.formula(DEFAULT_QUICK_WIN_AT, "USD").ends_with("expected value.")
            );
        }
        for wrong in ["", "type:", "type:seats", "timeline:soon", "Found"] {
            assert!(wrong.parse::<Measure>().is_err(), "{wrong}");
        }
        assert!(Measure::QuickWins.formula(DEFAULT_QUICK_WIN_AT, "USD").contains("$25,000"));
        let amount = Some(Money::units(7));
        assert_eq!(
            (shown_value(amount, None), shown_value(None, amount), shown_value(None, None)),
            (amount, amount, None)
        );
    }

    proptest! {
        #[test]
        fn figures_add_up(
            raw in proptest::collection::vec((0..8_usize, 0..4_usize, 0..4_usize, 0_i64..=1000, proptest::option::of(0_i64..100_000)), 0..40)
        ) {
            let rows: Vec<Row> = raw.iter().enumerate().map(|(id, (kind, status, timeline, tenths, units))| {
                row(id as i64, OpportunityType::ALL[*kind], FoundStatus::ALL[*status], Timeline::ALL[*timeline], *tenths as f64 / 10.0, *units)
            }).collect();
            let all = totals(&rows, DEFAULT_QUICK_WIN_AT);
            let sum = |groups: &[GroupRow]| Figure {
                count: groups.iter().map(|g| g.figure.count).sum(),
                value: groups.iter().map(|g| g.figure.value).sum(),
            };
            prop_assert_eq!(sum(&all.by_type), all.found);
            prop_assert_eq!(sum(&all.by_timeline), all.found);
            prop_assert_eq!(all.in_pipeline.count + all.candidates.count, all.found.count);
            prop_assert_eq!(all.in_pipeline.value + all.candidates.value, all.found.value);
            prop_assert_eq!((all.found.count + all.held.count + all.exploratory.count) as usize, rows.len());
            prop_assert_eq!(all.immediate, all.by_timeline[0].figure);
        }
    }
}
