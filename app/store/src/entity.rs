//! The tables that are read and written row by row. Private: rows become domain types before they leave the crate.

/// One table: a module with the usual names of SeaORM.
macro_rules! entities {
    ($($name:ident $table:literal { $($(#[$meta:meta])* $field:ident: $type:ty,)+ })+) => {$(
        pub(crate) mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$meta])* pub $field: $type,)+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    )+};
}

entities! {
    users "users" {
        #[sea_orm(primary_key)]
        id: i64,
        email: String,
        name: String,
        role: String,
        team: Option<String>,
        manager_id: Option<i64>,
        time_zone: Option<String>,
        slack_user_id: Option<String>,
        active: Option<bool>,
        password_hash: Option<String>,
        theme: String,
        last_sign_in_at: Option<i64>,
        demo: bool,
        created_at: i64,
        updated_at: i64,
    }
    sessions "sessions" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        user_id: Option<i64>,
        data: String,
        expires_at: i64,
    }
    api_tokens "api_tokens" {
        #[sea_orm(primary_key)]
        id: i64,
        user_id: i64,
        name: String,
        hash: String,
        prefix: String,
        scopes: String,
        expires_at: Option<i64>,
        created_at: i64,
        last_used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
    invitations "invitations" {
        #[sea_orm(primary_key)]
        id: i64,
        user_id: i64,
        hash: String,
        expires_at: i64,
        used_at: Option<i64>,
        created_at: i64,
    }
    sign_in_attempts "sign_in_attempts" {
        #[sea_orm(primary_key)]
        id: i64,
        email: String,
        address: String,
        at: i64,
    }
    audit_log "audit_log" {
        #[sea_orm(primary_key)]
        id: i64,
        at: i64,
        actor_id: Option<i64>,
        actor: String,
        action: String,
        subject: String,
        detail: String,
    }
    settings "settings" {
        #[sea_orm(primary_key)]
        id: i64,
        key: String,
        value: String,
        valid_from: i64,
        changed_by: Option<i64>,
    }
    rule_versions "rule_versions" {
        #[sea_orm(primary_key)]
        id: i64,
        rule: String,
        version: i64,
        enabled: bool,
        values_json: String,
        created_at: i64,
        created_by: Option<i64>,
        note: String,
    }
    products "products" {
        #[sea_orm(primary_key)]
        id: i64,
        sku: String,
        name: String,
        family: Option<String>,
        plan_tier: Option<i64>,
        list_price_annual: Option<i64>,
        price_unit: Option<String>,
        metric: Option<String>,
        aliases: Option<String>,
        created_at: i64,
        updated_at: i64,
    }
    opportunities "opportunities" {
        #[sea_orm(primary_key)]
        id: i64,
        external_id: Option<String>,
        customer_id: i64,
        name: String,
        r#type: String,
        stage: String,
        estimated_value: Option<i64>,
        closed_value: Option<i64>,
        probability: Option<f64>,
        identified_on: Option<i32>,
        expected_close_on: Option<i32>,
        closed_on: Option<i32>,
        csm_id: Option<i64>,
        sales_rep_id: Option<i64>,
        source: Option<String>,
        product_id: Option<i64>,
        lost_reason: Option<String>,
        currency: Option<String>,
        imported: bool,
        found_id: Option<i64>,
        created_at: i64,
        updated_at: i64,
    }
    opportunity_history "opportunity_history" {
        #[sea_orm(primary_key)]
        id: i64,
        opportunity_id: i64,
        to_stage: String,
        changed_at: i64,
        from_stage: Option<String>,
        changed_by_id: Option<i64>,
        created_at: i64,
        updated_at: i64,
    }
    signals "signals" {
        #[sea_orm(primary_key)]
        id: i64,
        customer_id: i64,
        rule: String,
        subject: String,
        rule_version: i64,
        status: String,
        strength: f64,
        leads_to: String,
        product_id: Option<i64>,
        general: bool,
        supports_only: bool,
        title: String,
        opened_at: i64,
        observed_at: i64,
        last_held_on: i32,
        closed_at: Option<i64>,
        quiet_until: Option<i32>,
        reach_on: Option<i32>,
        asked_quantity: Option<i64>,
        source: String,
        logged_by: Option<i64>,
        dismissed_at: Option<i64>,
        dismissed_by: Option<i64>,
        dismissed_reason: Option<String>,
        dismissed_note: Option<String>,
        acknowledged_at: Option<i64>,
        acknowledged_by: Option<i64>,
        found_id: Option<i64>,
        opportunity_id: Option<i64>,
        content_hash: String,
        live_key: Option<String>,
        created_at: i64,
        updated_at: i64,
    }
    signal_evidence "signal_evidence" {
        #[sea_orm(primary_key)]
        id: i64,
        signal_id: i64,
        position: i32,
        json: String,
    }
    activities "activities" {
        #[sea_orm(primary_key)]
        id: i64,
        customer_id: i64,
        opportunity_id: Option<i64>,
        at: i64,
        actor: String,
        kind: String,
        text: String,
        user_id: Option<i64>,
    }
    import_files "import_files" {
        #[sea_orm(primary_key)]
        id: i64,
        import_id: i64,
        dataset: String,
        file: String,
        sha256: String,
        rows: i64,
        created: i64,
        updated: i64,
        unchanged: i64,
        rejected: i64,
        date_styles: String,
        warnings: String,
    }
}
