//! A new team moves in: at least 5 users first seen in the last 30 days in a department that is not the primary one.
//!
//! Departments come from the users themselves, never from job titles (MEASURES 6); users without one don't count. One
//! subject per department; when each stays below the minimum and together they reach it, one subject "several
//! departments". Without a primary department on the account, the one with the most users before the window counts as
//! primary. An account of less than 60 days is still being set up: everybody is new.

use std::collections::BTreeMap;

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, Evidence, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo,
    },
    time::Day,
};

/// See the module.
#[derive(Debug)]
pub struct NewTeamOnboarding;

/// The subject of several small departments together.
pub const SEVERAL: &str = "several departments";
/// Weeks of the sparkline of new users.
const SPARK_WEEKS: i32 = 12;
const NEW_DAYS: SettingInfo = SettingInfo::whole("new_days", "First seen within", "days", 30, 7, 90);
const MIN_USERS: SettingInfo = SettingInfo::whole("min_users", "Minimum new users", "users", 5, 2, 1000);
const MIN_AGE: SettingInfo = SettingInfo::whole("min_age", "Minimum age of the account", "days", 60, 0, 365);
const STRENGTH: SettingInfo = SettingInfo::strength(750);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::NewTeamOnboarding,
    sentence: "Fires when enough users outside the primary department were first seen lately.",
    leads_to: OpportunityType::LandAndExpand,
    settings: &[NEW_DAYS, MIN_USERS, MIN_AGE, STRENGTH],
};

/// New users of one department.
#[derive(Debug, Clone, Default)]
struct Team {
    /// As the source writes it.
    names: Vec<String>,
    new: i64,
    before: i64,
    /// First and last day on which somebody new was seen.
    window: Option<(Day, Day)>,
    /// New users a week, oldest first.
    spark: Vec<f64>,
}

impl Rule for NewTeamOnboarding {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn evaluate(
        &self,
        account: &AccountSnapshot,
        context: &Context<'_>,
        settings: &RuleSettings,
        clauses: Clauses,
    ) -> Vec<Evaluation> {
        let today = context.today;
        let since = today - (settings.whole(&NEW_DAYS) as i32 - 1);
        let min_users = settings.whole(&MIN_USERS);
        // Most accounts have nobody new; nothing is counted for them.
        let is_new = |day: &Day| (since..=today).contains(day);
        let anybody = account.users.iter().any(|user| user.first_seen_on.as_ref().is_some_and(is_new));
        if clauses == Clauses::Skip && !anybody {
            return Vec::new();
        }
        let mut teams = count(account, since, today);
        let Some(primary) = primary_department(account, &teams) else {
            let mut list = ClauseList::new(clauses);
            list.unknown(|| ("Primary department", "not known, and no users with a department before", "known"));
            return vec![list.silent("")];
        };
        let only_primary_before = teams.iter().all(|(key, team)| team.before == 0 || *key == primary.key);
        teams.retain(|key, team| *key != primary.key && team.new > 0);
        let mut fitting: Vec<Team> = teams.values().filter(|team| team.new >= min_users).cloned().collect();
        if fitting.is_empty() {
            fitting.push(together(teams.into_values()));
        }
        fitting
            .iter()
            .map(|team| {
                let mut list = ClauseList::new(clauses);
                list.check(team.new >= min_users, || {
                    let who =
                        if team.names.is_empty() { String::new() } else { format!(" from {}", words(&team.names)) };
                    let needs = format!("≥ {min_users} since {}", format::day(since, today));
                    (format!("New users outside {}", primary.name), format!("{}{who}", team.new), needs)
                });
                old_enough(account, today, settings, &mut list);
                list.conclude(team.subject(), || {
                    let until_then = only_primary_before.then_some(primary.name.as_str());
                    team.fire(until_then, context, settings)
                })
            })
            .collect()
    }
}

/// The clause on the account's age: since it was created, else since the first trace of it.
fn old_enough(account: &AccountSnapshot, today: Day, settings: &RuleSettings, list: &mut ClauseList) {
    let min_age = settings.whole(&MIN_AGE) as i32;
    let first_contract = account.contracts.iter().map(|contract| contract.starts_on).min();
    let first_user = account.users.iter().filter_map(|user| user.first_seen_on).min();
    let first_row = account.usage.values().filter_map(|series| series.points.first()).map(|(day, _)| *day).min();
    let traces = [first_contract, first_user, first_row];
    let since = account.customer.created_on.or_else(|| traces.into_iter().flatten().min());
    let age = since.map_or(0, |since| today - since);
    list.check(age >= min_age, || ("Age of the account", format!("{age} days"), format!("≥ {min_age} days")));
}

/// Users by department, compared without regard to case and outer spaces; nobody who was first seen after today.
fn count(account: &AccountSnapshot, since: Day, today: Day) -> BTreeMap<String, Team> {
    let mut teams: BTreeMap<String, Team> = BTreeMap::new();
    for user in &account.users {
        let Some(department) = user.department.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
            continue;
        };
        // Without a first day the user was always there.
        let first_seen = user.first_seen_on.unwrap_or(Day(i32::MIN));
        if first_seen > today {
            continue;
        }
        let team = teams.entry(department.to_lowercase()).or_default();
        if team.names.is_empty() {
            team.names.push(department.to_owned());
        }
        if first_seen < since {
            team.before += 1;
        } else {
            team.new += 1;
            team.see(first_seen, today);
        }
    }
    teams
}

impl Team {
    fn subject(&self) -> &str {
        match self.names.as_slice() {
            [] => "",
            [only] => only,
            _ => SEVERAL,
        }
    }

    /// `until_then` is the primary department when nobody else used the product before.
    fn fire(&self, until_then: Option<&str>, context: &Context<'_>, settings: &RuleSettings) -> Option<Firing> {
        let (first, last) = self.window?;
        let from = words(&self.names);
        let until_then = until_then.map(|primary| format!("; until then only {primary} used the product"));
        let text = format!(
            "{} users from {from} first seen since {}{}",
            self.new,
            format::day(first, context.today),
            until_then.unwrap_or_default()
        );
        let evidence = Evidence {
            value: Some(self.new as f64),
            limit: Some(settings.value(&MIN_USERS)),
            window: Some((first, last)),
            series: self.spark.clone(),
            ..Evidence::new(EvidenceSource::People, "customer_users", text)
        };
        Some(Firing {
            strength: settings.value(&STRENGTH),
            evidence: vec![evidence],
            ..INFO.level(format!("{} new users from {from}", self.new), context.now)
        })
    }

    fn see(&mut self, on: Day, today: Day) {
        self.window = Some(self.window.map_or((on, on), |(first, last)| (first.min(on), last.max(on))));
        self.spark.resize(SPARK_WEEKS as usize, 0.0);
        let week = SPARK_WEEKS - 1 - (today - on) / 7;
        if let Some(week) = usize::try_from(week).ok().and_then(|week| self.spark.get_mut(week)) {
            *week += 1.0;
        }
    }
}

/// Several departments as one team.
fn together(teams: impl Iterator<Item = Team>) -> Team {
    let sum = teams.reduce(|mut all, team| {
        all.names.extend(team.names);
        all.new += team.new;
        all.before += team.before;
        all.window = match (all.window, team.window) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
        all.spark.iter_mut().zip(team.spark).for_each(|(sum, new)| *sum += new);
        all
    });
    sum.unwrap_or_default()
}

/// The primary department: its name, and its key among the teams.
struct Primary {
    name: String,
    key: String,
}

fn primary_department(account: &AccountSnapshot, teams: &BTreeMap<String, Team>) -> Option<Primary> {
    let given = account.customer.primary_department.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if let Some(name) = given {
        return Some(Primary { name: name.to_owned(), key: name.to_lowercase() });
    }
    // Of equally large ones the first by name.
    let largest = teams.iter().filter(|(_, team)| team.before > 0).rev().max_by_key(|(_, team)| team.before);
    largest.map(|(key, team)| Primary { name: words(&team.names), key: key.clone() })
}

/// "Finance, Legal and Support".
fn words(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::{acme, day, evaluate, firing, lines};

    fn settled() -> AccountSnapshot {
        acme().with_users(20, Some("Sales"), "2025-03-01")
    }

    #[test]
    fn five_new_users_outside_the_primary_department() {
        for (count, department, first_seen, fires) in [
            (5, Some("Marketing"), "2026-01-04", true),
            (4, Some("Marketing"), "2026-01-04", false),
            (5, Some("Marketing"), "2026-01-03", false),
            (5, Some("Marketing"), "2026-02-02", true),
            (5, Some("Marketing"), "2026-02-03", false),
            (9, Some(" sales "), "2026-01-20", false),
            (9, None, "2026-01-20", false),
            (9, Some(" "), "2026-01-20", false),
        ] {
            let found = firing(&NewTeamOnboarding, &settled().with_users(count, department, first_seen));
            assert_eq!(found.map(|f| f.strength), fires.then_some(0.75), "{count} of {department:?} on {first_seen}");
        }
    }

    #[test]
    fn evidence_says_who_and_since_when() {
        let account =
            settled().with_users(3, Some("Marketing"), "2026-01-09").with_users(5, Some("marketing"), "2026-01-30");
        let found = evaluate(&NewTeamOnboarding, &account).remove(0);
        assert_eq!(found.subject, "Marketing");
        let firing = found.firing.unwrap();
        assert_eq!(
            (firing.title.as_str(), firing.leads_to),
            ("8 new users from Marketing", OpportunityType::LandAndExpand)
        );
        assert_eq!(
            firing.evidence[0].text,
            "8 users from Marketing first seen since 9\u{a0}Jan; until then only Sales used the product"
        );
        assert_eq!(firing.evidence[0].window, Some((day("2026-01-09"), day("2026-01-30"))));
        assert_eq!(firing.evidence[0].series.iter().sum::<f64>(), 8.0);
    }

    #[test]
    fn departments_stand_alone_or_together() {
        let one = settled().with_users(6, Some("Marketing"), "2026-01-20").with_users(2, Some("Legal"), "2026-01-20");
        let subjects = |account: &AccountSnapshot| -> Vec<String> {
            evaluate(&NewTeamOnboarding, account).into_iter().map(|evaluation| evaluation.subject).collect()
        };
        assert_eq!(subjects(&one), ["Marketing"]);
        let two = one.with_users(4, Some("Legal"), "2026-01-25");
        assert_eq!(subjects(&two), ["Legal", "Marketing"]);
        let small = settled()
            .with_users(2, Some("Finance"), "2026-01-20")
            .with_users(2, Some("Legal"), "2026-01-22")
            .with_users(1, Some("Support"), "2026-01-28");
        assert_eq!(subjects(&small), [SEVERAL]);
        assert_eq!(firing(&NewTeamOnboarding, &small).unwrap().title, "5 new users from Finance, Legal and Support");
    }

    #[test]
    fn the_largest_department_is_primary_when_none_is_given() {
        let mut account = settled().with_users(3, Some("Legal"), "2025-04-01");
        account.customer.primary_department = None;
        let grown = account.clone().with_users(30, Some("Sales"), "2026-01-20");
        assert!(firing(&NewTeamOnboarding, &grown).is_none());
        let legal = account.with_users(5, Some("Legal"), "2026-01-20");
        let found = firing(&NewTeamOnboarding, &legal).unwrap();
        assert_eq!(found.evidence[0].text, "5 users from Legal first seen since 20\u{a0}Jan", "Legal was there before");
        let mut nobody = acme().with_users(9, Some("Legal"), "2026-01-20");
        nobody.customer.primary_department = None;
        assert_eq!(
            lines(&evaluate(&NewTeamOnboarding, &nobody)),
            ["Primary department: — not known, and no users with a department before (known) unknown"]
        );
    }

    #[test]
    fn a_new_account_has_only_new_users() {
        let mut account = settled().with_users(8, Some("Marketing"), "2026-01-20");
        account.customer.created_on = Some(day("2025-12-05"));
        assert_eq!(
            lines(&evaluate(&NewTeamOnboarding, &account)),
            [
                "New users outside Sales: 8 from Marketing (≥ 5 since 4\u{a0}Jan) met",
                "Age of the account: 59 days (≥ 60 days) not met",
            ]
        );
        account.customer.created_on = None;
        assert!(firing(&NewTeamOnboarding, &account).is_some(), "its users have been there since March");
        assert_eq!(
            lines(&evaluate(&NewTeamOnboarding, &acme()))[0],
            "New users outside Sales: 0 (≥ 5 since 4\u{a0}Jan) not met"
        );
    }
}
