//! SQL text with its bound values, for the queries that join and count. One text runs on both databases.

use domain::{access::Scope, id::UserId};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, QueryResult, Statement, Value};

use crate::error::Result;

/// A statement in the making. Values are always bound, never written into the text.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    backend: DbBackend,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Begins with a text.
    pub(crate) fn new(conn: &impl ConnectionTrait, text: &str) -> Sql {
        Sql { backend: conn.get_database_backend(), text: text.to_owned(), values: Vec::new() }
    }

    /// Adds text, after a space.
    pub(crate) fn add(mut self, text: &str) -> Sql {
        self.text.push(' ');
        self.text.push_str(text);
        self
    }

    /// Adds text in which each `?` stands for the next value.
    pub(crate) fn with<const N: usize>(mut self, text: &str, values: [Value; N]) -> Sql {
        self.text.push(' ');
        let mut values = values.into_iter();
        for (place, part) in text.split('?').enumerate() {
            if place > 0
                && let Some(value) = values.next()
            {
                self.bind(value);
            }
            self.text.push_str(part);
        }
        self
    }

    /// Adds text with values when there is something to ask for.
    pub(crate) fn when<T, const N: usize>(
        self,
        value: Option<T>,
        text: &str,
        values: impl FnOnce(T) -> [Value; N],
    ) -> Sql {
        match value {
            Some(value) => self.with(text, values(value)),
            None => self,
        }
    }

    /// Adds `<column> IN (…)` for any number of ids with one bound value, so that the text stays the same.
    pub(crate) fn within(mut self, column: &str, ids: impl IntoIterator<Item = i64>) -> Sql {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        let (before, after) = match self.backend {
            DbBackend::Postgres => ("SELECT value::bigint FROM json_array_elements_text(", "::json)"),
            _ => ("SELECT value FROM json_each(", ")"),
        };
        self.text.push_str(&format!(" {column} IN ({before}"));
        self.bind(format!("[{}]", ids.join(",")).into());
        self.text.push_str(after);
        self.text.push(')');
        self
    }

    /// Adds the condition that the account in `column` is within a scope (PRODUCT 12; "own accounts" is CONTRACT 5).
    pub(crate) fn scoped(self, column: &str, scope: &Scope) -> Sql {
        match scope {
            Scope::All => self.add("TRUE"),
            Scope::Csms(people) if people.is_empty() => self.add("FALSE"),
            Scope::Csms(people) => {
                let ids = || people.iter().map(|UserId(id)| *id);
                self.add(&format!("{column} IN (SELECT id FROM customers WHERE"))
                    .within("csm_id", ids())
                    .add("UNION SELECT customer_id FROM opportunities WHERE")
                    .within("csm_id", ids())
                    .add(")")
            }
            Scope::Routed(UserId(rep)) => self.with(
                &format!("{column} IN (SELECT customer_id FROM opportunities WHERE sales_rep_id = ?)"),
                [(*rep).into()],
            ),
        }
    }

    /// The same condition for a statement that looks at one account: it asks about that account alone.
    pub(crate) fn scoped_one(self, column: &str, scope: &Scope) -> Sql {
        match scope {
            Scope::Csms(people) if !people.is_empty() => {
                let ids = || people.iter().map(|UserId(id)| *id);
                self.add(&format!("EXISTS (SELECT 1 FROM customers x WHERE x.id = {column} AND ("))
                    .within("x.csm_id", ids())
                    .add("OR EXISTS (SELECT 1 FROM opportunities y WHERE y.customer_id = x.id AND")
                    .within("y.csm_id", ids())
                    .add(")))")
            }
            Scope::Routed(UserId(rep)) => self.with(
                &format!(
                    "EXISTS (SELECT 1 FROM opportunities y WHERE y.customer_id = {column} AND y.sales_rep_id = ?)"
                ),
                [(*rep).into()],
            ),
            _ => self.scoped(column, scope),
        }
    }

    /// Adds the condition that one of `columns` contains a text, without regard to case.
    pub(crate) fn contains(mut self, columns: &[&str], text: &str) -> Sql {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        self.text.push_str(" (");
        for (place, column) in columns.iter().enumerate() {
            let or = if place > 0 { " OR " } else { "" };
            // SQLite lowers only ASCII, so the text as given is looked for too.
            self.text.push_str(&format!("{or}LOWER({column}) LIKE "));
            self.bind(format!("%{}%", escaped.to_lowercase()).into());
            self.text.push_str(&format!(" ESCAPE '\\' OR {column} LIKE "));
            self.bind(format!("%{escaped}%").into());
            self.text.push_str(" ESCAPE '\\'");
        }
        self.text.push(')');
        self
    }

    /// Adds `LIMIT` and `OFFSET`.
    pub(crate) fn page(self, page: Page) -> Sql {
        self.with("LIMIT ? OFFSET ?", [i64::from(page.limit).into(), i64::from(page.offset).into()])
    }

    fn bind(&mut self, value: Value) {
        self.values.push(value);
        self.text.push_str(&format!("${}", self.values.len()));
    }

    /// The finished statement.
    pub(crate) fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.backend, self.text, self.values)
    }

    /// All rows.
    pub(crate) async fn all<T: FromQueryResult>(self, conn: &impl ConnectionTrait) -> Result<Vec<T>> {
        let rows = conn.query_all_raw(self.statement()).await?;
        rows.iter().map(|row| T::from_query_result(row, "").map_err(Into::into)).collect()
    }

    /// The first row.
    pub(crate) async fn one<T: FromQueryResult>(self, conn: &impl ConnectionTrait) -> Result<Option<T>> {
        let row = conn.query_one_raw(self.statement()).await?;
        row.map(|row| T::from_query_result(&row, "").map_err(Into::into)).transpose()
    }

    /// The rows as they come.
    pub(crate) async fn rows(self, conn: &impl ConnectionTrait) -> Result<Vec<QueryResult>> {
        Ok(conn.query_all_raw(self.statement()).await?)
    }

    /// A single number; 0 without a row.
    pub(crate) async fn number(self, conn: &impl ConnectionTrait) -> Result<u32> {
        let row = conn.query_one_raw(self.statement()).await?;
        let number: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// Runs a statement; the number of rows that it changed.
    pub(crate) async fn run(self, conn: &impl ConnectionTrait) -> Result<u64> {
        Ok(conn.execute_raw(self.statement()).await?.rows_affected())
    }
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Rows to skip.
    pub offset: u32,
    /// Rows to give.
    pub limit: u32,
}

impl Page {
    /// Page `number`, from 1, of `limit` rows each.
    #[must_use]
    pub fn number(number: u32, limit: u32) -> Page {
        Page { offset: number.saturating_sub(1).saturating_mul(limit), limit }
    }

    /// The first `limit` rows.
    #[must_use]
    pub fn first(limit: u32) -> Page {
        Page { offset: 0, limit }
    }
}

/// A part of a list with the number of all that match.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// Rows that match.
    pub total: u32,
}
