//! The usual names to listen for, until the organisation edits its settings (CONTRACT 5).

/// Departments, as people name them. Other words for the same team are in [`DEPARTMENT_ALIASES`].
pub const DEPARTMENTS: &[&str] = &[
    "Finance",
    "Legal",
    "Marketing",
    "Sales",
    "Support",
    "Customer Success",
    "Operations",
    "Engineering",
    "Product",
    "Design",
    "HR",
    "IT",
    "Security",
    "Data",
    "Procurement",
    "Compliance",
    "Research",
    "Quality Assurance",
    "Logistics",
    "Supply Chain",
    "Manufacturing",
    "Accounting",
    "Communications",
    "Professional Services",
    "Partnerships",
    "Training",
    "Facilities",
];

/// Words for the same department; the first one is the name that is shown.
pub const DEPARTMENT_ALIASES: &[&[&str]] = &[
    &["HR", "Human Resources", "People Ops", "People Operations", "People Team", "Talent"],
    &["Support", "Customer Support", "Customer Service", "Service Desk", "Helpdesk"],
    &["Customer Success", "CS"],
    &["IT", "Information Technology"],
    &["Engineering", "Dev", "Development", "R&D", "Software Engineering"],
    &["Operations", "Ops", "Business Operations"],
    &["Sales", "Revenue", "Commercial", "RevOps", "Revenue Operations", "Sales Ops"],
    &["Security", "InfoSec", "Information Security"],
    &["Data", "Data Science", "Analytics", "BI", "Business Intelligence", "Data Analytics"],
    &["Procurement", "Purchasing", "Sourcing"],
    &["Quality Assurance", "QA"],
    &["Finance", "FP&A", "Treasury"],
    &["Legal", "Legal Ops"],
    &["Product", "Product Management"],
    &["Communications", "Comms", "PR"],
    &["Training", "Learning and Development", "L&D"],
    &["Marketing", "Demand Gen", "Growth Marketing"],
];

/// What source systems write where no department is known.
pub const NO_DEPARTMENTS: &[&str] = &[
    "other",
    "others",
    "general",
    "all",
    "none",
    "unknown",
    "n/a",
    "na",
    "misc",
    "team",
    "staff",
    "users",
    "user",
    "company",
    "default",
    "test",
    "various",
    "management",
    "admin",
    "new",
    "external",
];

/// Departments whose name is an everyday word too: in lower case they count only beside "our" or "team".
pub const EVERYDAY_WORDS: &[&str] = &[
    "support",
    "operations",
    "ops",
    "dev",
    "product",
    "design",
    "security",
    "data",
    "analytics",
    "research",
    "communications",
    "training",
    "facilities",
    "talent",
    "revenue",
    "commercial",
    "development",
    "purchasing",
    "sourcing",
    "logistics",
    "partnerships",
    "quality assurance",
];

/// Well-known business software, name first, then aliases. Names that are everyday words are given in full only.
pub const COMPETITORS: &[&[&str]] = &[
    &["Salesforce", "SFDC", "Sales Cloud", "Service Cloud"],
    &["HubSpot", "Hub Spot"],
    &["Zendesk"],
    &["Freshworks", "Freshdesk", "Freshsales"],
    &["Intercom"],
    &["ServiceNow", "Service Now"],
    &["Microsoft Dynamics", "Dynamics 365"],
    &["Power BI", "PowerBI"],
    &["Tableau"],
    &["Looker", "Looker Studio"],
    &["Qlik", "QlikView", "Qlik Sense"],
    &["Domo"],
    &["Snowflake"],
    &["Databricks"],
    &["Amplitude"],
    &["Mixpanel"],
    &["Google Analytics"],
    &["Adobe Analytics"],
    &["Segment.com", "Twilio Segment"],
    &["Gainsight"],
    &["Totango"],
    &["ChurnZero"],
    &["Vitally"],
    &["Planhat"],
    &["Pipedrive"],
    &["Zoho", "Zoho CRM"],
    &["SugarCRM"],
    &["Oracle NetSuite", "NetSuite"],
    &["SAP", "SAP HANA"],
    &["Workday"],
    &["Atlassian", "Jira", "Confluence"],
    &["Asana"],
    &["monday.com"],
    &["ClickUp"],
    &["Smartsheet"],
    &["Airtable"],
    &["Datadog"],
    &["New Relic"],
    &["Splunk"],
    &["Marketo"],
    &["Mailchimp"],
    &["Klaviyo"],
    &["DocuSign"],
    &["PandaDoc"],
];

/// Features that vendors usually keep for higher plans, name first, then other words. Products of the catalogue win.
pub const FEATURES: &[&[&str]] = &[
    &["single sign-on", "sso", "single sign on", "saml"],
    &["user provisioning", "scim"],
    &["audit log", "audit logs", "audit trail"],
    &["role-based access", "role based access", "rbac", "custom roles", "granular permissions"],
    &["sandbox", "sandbox environment", "staging environment"],
    &["advanced analytics", "predictive analytics"],
    &["advanced reporting", "custom reports", "custom reporting", "custom dashboards", "scheduled reports"],
    &["anomaly detection"],
    &["forecasting"],
    &["workflow automation", "advanced automation"],
    &["data residency", "eu hosting"],
    &["white-label", "white label", "white labelling", "white labeling", "custom branding"],
    &["priority support", "premium support", "dedicated support", "24/7 support", "24x7 support"],
    &["data warehouse export", "warehouse sync", "bulk export"],
    &["webhooks"],
    &["multi-currency", "multi currency"],
    &["ai assistant", "ai features", "machine learning features", "ml features"],
    &["compliance reporting", "automated compliance reporting"],
    &["real-time analytics", "real time analytics", "real-time dashboard", "real time dashboard"],
    &["mobile app"],
];

/// The name that is shown for a department, whatever word was used; `HR` for "human resources team".
#[must_use]
pub fn department_name(text: &str) -> String {
    let mut name = text.trim();
    for end in [" team", " department", " dept", " dept."] {
        let cut = name.len().saturating_sub(end.len());
        if name.get(cut..).is_some_and(|tail| tail.eq_ignore_ascii_case(end)) {
            name = name.get(..cut).unwrap_or(name).trim_end();
        }
    }
    DEPARTMENT_ALIASES
        .iter()
        .find(|group| group.iter().any(|word| word.eq_ignore_ascii_case(name)))
        .and_then(|group| group.first())
        .map_or_else(|| name.to_owned(), |first| (*first).to_owned())
}
