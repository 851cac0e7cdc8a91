//! Who may do what (PRODUCT 12): roles, actors, the scope of what an actor may see, token scopes.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// What a person does in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the installation.
    Admin,
    /// Leads CSMs; sees own teams.
    CsLeader,
    /// Owns accounts.
    Csm,
    /// Works what was routed to them.
    SalesRep,
    /// Finance or executive; reads.
    Viewer,
}

impl Role {
    /// All roles, widest first.
    pub const ALL: [Role; 5] = [Role::Admin, Role::CsLeader, Role::Csm, Role::SalesRep, Role::Viewer];

    /// The word in files, settings and JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::CsLeader => "cs_leader",
            Role::Csm => "csm",
            Role::SalesRep => "sales_rep",
            Role::Viewer => "viewer",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Role::Admin => "Admin",
            Role::CsLeader => "CS leader",
            Role::Csm => "CSM",
            Role::SalesRep => "Sales rep",
            Role::Viewer => "Viewer",
        }
    }

    /// Whether the role has a capability at all; which records it covers is the [`Scope`]'s matter.
    #[must_use]
    pub const fn can(self, capability: Capability) -> bool {
        use Capability as C;
        match capability {
            C::SeeAccounts => true,
            C::SeeContactDetails => !matches!(self, Role::Viewer),
            C::LogSignal => !matches!(self, Role::Viewer),
            C::DecideSignal => matches!(self, Role::Admin | Role::CsLeader | Role::Csm),
            C::UseFinder => !matches!(self, Role::SalesRep),
            C::SeeRules => matches!(self, Role::Admin | Role::CsLeader | Role::Csm),
            C::Administer => matches!(self, Role::Admin),
        }
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Role, String> {
        let wanted = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Role::ALL
            .into_iter()
            .find(|role| role.key() == wanted)
            .ok_or_else(|| format!("{text:?} is not a role; the roles are admin, cs_leader, csm, sales_rep, viewer"))
    }
}

/// What a role may be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capability {
    /// See accounts, signals and opportunities of the scope.
    SeeAccounts,
    /// See e-mail addresses, names of speakers and quotes.
    SeeContactDetails,
    /// Log a signal.
    LogSignal,
    /// Dismiss, confirm, acknowledge a signal.
    DecideSignal,
    /// Open the finder.
    UseFinder,
    /// See detection rules.
    SeeRules,
    /// Users, rules, settings, imports, jobs, audit.
    Administer,
}

impl Capability {
    /// All of them, for the table test.
    pub const ALL: [Capability; 7] = [
        Capability::SeeAccounts,
        Capability::SeeContactDetails,
        Capability::LogSignal,
        Capability::DecideSignal,
        Capability::UseFinder,
        Capability::SeeRules,
        Capability::Administer,
    ];
}

/// Which records an actor may see. Every read starts from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything (admin, viewer, the system itself).
    All,
    /// Accounts whose CSM is one of these people, or that have an opportunity whose CSM is.
    Csms(Vec<UserId>),
    /// Accounts with an opportunity routed to this sales rep.
    Routed(UserId),
}

/// What a token may be used for (CONTRACT 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// GET.
    Read,
    /// Create and change.
    Write,
    /// Import data.
    Import,
    /// Administer.
    Admin,
}

impl TokenScope {
    /// The word on the command line and in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            TokenScope::Read => "read",
            TokenScope::Write => "write",
            TokenScope::Import => "import",
            TokenScope::Admin => "admin",
        }
    }
}

impl FromStr for TokenScope {
    type Err = String;
    fn from_str(text: &str) -> Result<TokenScope, String> {
        [TokenScope::Read, TokenScope::Write, TokenScope::Import, TokenScope::Admin]
            .into_iter()
            .find(|scope| scope.key() == text.trim())
            .ok_or_else(|| format!("{text:?} is not a scope; the scopes are read, write, import, admin"))
    }
}

/// Who is acting, with what they may see. Made once per request by `services::session`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// E-mail address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Team, when there is one.
    pub team: Option<String>,
    /// What may be seen.
    pub scope: Scope,
    /// Scopes of the token in use; `None` for a signed-in person, who has all.
    pub token_scopes: Option<Vec<TokenScope>>,
}

impl Actor {
    /// Whether role and token both allow it.
    #[must_use]
    pub fn can(&self, capability: Capability) -> bool {
        self.role.can(capability)
    }

    /// Whether the token in use, if any, has the scope.
    #[must_use]
    pub fn has_scope(&self, scope: TokenScope) -> bool {
        self.token_scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PRODUCT 12, as a table: rows in the order of `Capability::ALL`, columns in the order of `Role::ALL`.
    #[test]
    fn capabilities_are_those_of_the_product_page() {
        let expected = [
            [true, true, true, true, true],
            [true, true, true, true, false],
            [true, true, true, true, false],
            [true, true, true, false, false],
            [true, true, true, false, true],
            [true, true, true, false, false],
            [true, false, false, false, false],
        ];
        for (capability, row) in Capability::ALL.into_iter().zip(expected) {
            let got: Vec<bool> = Role::ALL.into_iter().map(|role| role.can(capability)).collect();
            assert_eq!(got, row, "{capability:?}");
        }
        assert_eq!("CS Leader".parse::<Role>(), Ok(Role::CsLeader));
        assert!("root".parse::<Role>().is_err());
    }
}
