//! Who is let in, for what.

use access::{Authenticator, Principal, Table, TokenError};
use http::Request;
use http::header::AUTHORIZATION;
use jiff::Timestamp;

use crate::caller::Caller;
use crate::error::Error;
use crate::methods::Method;
use crate::request_id::RequestId;

/// The authenticator and the access table.
#[derive(Debug)]
pub struct Access {
    authenticator: Authenticator,
    table: Table,
}

impl Access {
    /// Lets in by these.
    pub fn new(authenticator: Authenticator, table: Table) -> Self {
        Self { authenticator, table }
    }

    /// The table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether development tokens are accepted.
    pub fn accepts_dev_tokens(&self) -> bool {
        self.authenticator.accepts_dev_tokens()
    }

    /// The caller, if it may call this rpc.
    pub(super) fn admit<B>(
        &self,
        request: &Request<B>,
        method: Method,
        id: RequestId,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let principal = self.principal(request, now).map_err(|why| {
            tracing::info!(rpc = method.name, request.id = %id, token.refused = %why, "call refused");
            Error::from(why)
        })?;
        let with_token = request.headers().contains_key(AUTHORIZATION);
        match self.table.judge(method.name, &principal) {
            Ok(grant) => {
                if grant.row.sensitive {
                    tracing::info!(
                        rpc = method.name,
                        request.id = %id,
                        caller.subject = principal.subject,
                        caller.organ = principal.organ,
                        access.row = grant.row.number,
                        access.article = grant.row.article,
                        "sensitive call"
                    );
                }
                Ok(Caller::new(principal, grant, id))
            }
            Err(denied) => {
                tracing::info!(
                    rpc = method.name,
                    request.id = %id,
                    caller.subject = principal.subject,
                    caller.roles = denied.roles,
                    "call refused"
                );
                // Whoever shows no token is asked for one; "your role" would be no help.
                let error = if with_token {
                    Error::role_not_allowed(&denied)
                } else {
                    Error::token_invalid("missing")
                };
                Err(error)
            }
        }
    }

    fn principal<B>(&self, request: &Request<B>, now: Timestamp) -> Result<Principal, TokenError> {
        let mut values = request.headers().get_all(AUTHORIZATION).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return Ok(Principal::public()),
            (Some(value), None) => value,
            (Some(_), Some(_)) => return Err(TokenError::Malformed),
        };
        let text = value.to_str().map_err(|_| TokenError::Malformed)?;
        let (scheme, token) = text.split_once(' ').ok_or(TokenError::Malformed)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(TokenError::Malformed);
        }
        self.authenticator.authenticate(token.trim(), now)
    }
}
