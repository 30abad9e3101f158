//! A service's role: what it may do, and nothing else.

use std::fmt::Write;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::error::MigrationError;
use crate::schema::Schema;

/// Whether PUBLIC, that is every role, has any right on the schema `public`.
const PUBLIC_IS_OPEN: &str = "SELECT EXISTS (SELECT 1 FROM pg_namespace AS n, \
    aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a WHERE n.nspname = 'public' AND a.grantee = 0)";

/// The attributes and memberships of a role that a service must not have, as words.
const EXCESS: &str = "SELECT concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END, \
    CASE WHEN rolcreaterole THEN 'may create roles' END, CASE WHEN rolcreatedb THEN 'may create databases' END, \
    CASE WHEN rolreplication THEN 'may replicate' END, CASE WHEN rolbypassrls THEN 'bypasses row security' END, \
    (SELECT 'member of ' || string_agg(g.rolname, ', ') FROM pg_auth_members AS m \
     JOIN pg_roles AS g ON g.oid = m.roleid WHERE m.member = r.oid)) FROM pg_roles AS r WHERE rolname = $1";

/// Creates the role if it is missing, gives it the password, and creates the schema, owned by the caller's role.
///
/// Idempotent. Takes every right on the schema `public` from PUBLIC, so that a service has its own schema only.
pub(crate) async fn create_role_and_schema(
    connection: &mut PgConnection,
    schema: &Schema,
    verifier: &str,
) -> Result<(), MigrationError> {
    let mut transaction = connection.begin().await.map_err(cannot(schema, "begin"))?;
    set_up_role(&mut transaction, schema, verifier).await?;
    let name = schema.name;
    run(&mut transaction, format!("CREATE SCHEMA IF NOT EXISTS \"{name}\""))
        .await
        .map_err(cannot(schema, "create the schema"))?;
    run(&mut transaction, format!("REVOKE ALL ON SCHEMA \"{name}\" FROM PUBLIC"))
        .await
        .map_err(cannot(schema, "close the schema to others"))?;
    let open: bool = sqlx::query_scalar(PUBLIC_IS_OPEN)
        .fetch_one(&mut *transaction)
        .await
        .map_err(cannot(schema, "look at the rights on schema public"))?;
    if open {
        run(&mut transaction, "REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned())
            .await
            .map_err(cannot(schema, "close schema public (run migrations as the owner of the database)"))?;
    }
    transaction.commit().await.map_err(cannot(schema, "commit the role and the schema"))
}

/// Gives the role what it needs on the tables that are there and on those to come. Idempotent, one transaction:
/// the role never has more in between.
pub(crate) async fn grant(connection: &mut PgConnection, schema: &Schema) -> Result<(), MigrationError> {
    let mut transaction = connection.begin().await.map_err(cannot(schema, "begin"))?;
    let database: String = sqlx::query_scalar("SELECT quote_ident(current_database())")
        .fetch_one(&mut *transaction)
        .await
        .map_err(cannot(schema, "ask for the name of the database"))?;
    let (name, role, history) = (schema.name, schema.role, schema.history());
    let mut statements = format!(
        "GRANT CONNECT ON DATABASE {database} TO \"{role}\"; \
         GRANT USAGE ON SCHEMA \"{name}\" TO \"{role}\"; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"{name}\" TO \"{role}\"; \
         ALTER DEFAULT PRIVILEGES IN SCHEMA \"{name}\" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \"{role}\"; \
         REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {history} FROM \"{role}\";"
    );
    for table in schema.append_only {
        let there: bool = sqlx::query_scalar("SELECT to_regclass(format('%I.%I', $1, $2)) IS NOT NULL")
            .bind(name)
            .bind(table)
            .fetch_one(&mut *transaction)
            .await
            .map_err(cannot(schema, "look for an append-only table"))?;
        if !there {
            return Err(MigrationError::NoSuchTable { schema: name, table });
        }
        let _ =
            write!(statements, "REVOKE UPDATE, DELETE, TRUNCATE ON \"{name}\".\"{table}\" FROM \"{role}\";");
    }
    run(&mut transaction, statements).await.map_err(cannot(schema, "grant the role its rights"))?;
    transaction.commit().await.map_err(cannot(schema, "commit the role's rights"))
}

/// For `map_err`: what was being done when Postgres failed.
pub(crate) fn cannot(schema: &Schema, doing: &'static str) -> impl FnOnce(sqlx::Error) -> MigrationError {
    let schema = schema.name;
    move |source| MigrationError::Database { schema, doing, source }
}

async fn set_up_role(
    connection: &mut PgConnection,
    schema: &Schema,
    verifier: &str,
) -> Result<(), MigrationError> {
    let role = schema.role;
    let excess: Option<String> = sqlx::query_scalar(EXCESS)
        .bind(role)
        .fetch_optional(&mut *connection)
        .await
        .map_err(cannot(schema, "look for the role"))?;
    let statement = match excess {
        None => format!(
            "CREATE ROLE \"{role}\" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD '{verifier}'"
        ),
        Some(why) if !why.is_empty() => return Err(MigrationError::RoleTooPowerful { role, why }),
        Some(_) => format!("ALTER ROLE \"{role}\" LOGIN NOINHERIT PASSWORD '{verifier}'"),
    };
    run(connection, statement).await.map_err(cannot(schema, "create or alter the role"))
}

/// Runs statements made of checked names and constants only.
async fn run(connection: &mut PgConnection, statements: String) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statements))).await.map(|_| ())
}
