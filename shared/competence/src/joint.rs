//! Several respondents of several organs: which organs handle a part beside the lead (house; 5, 14).

use directory::Directory;
use duban_proto::common::v1::{CaseFacts, Citation};
use regulation::Regulation;

use crate::{Competent, competent, deciding};

/// An organ that would handle a part, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct CoHandler {
    /// The organ; absent where none here is competent: these respondents stay with the lead.
    pub organ: Option<String>,
    /// The respondents, by their places in the facts.
    pub respondents: Vec<u32>,
    /// The rule, article and version; absent where no organ is competent.
    pub citation: Option<Citation>,
    /// The facts the rule stood on, as "name=value".
    pub facts_used: Vec<String>,
}

/// The organs beside `lead` that are competent for the respondents other than the one who decided the lead: each
/// respondent on its own, by the same rules, so that nobody judges itself here either. An organ comes once.
pub fn co_handlers(
    regulation: &Regulation,
    directory: &Directory,
    home: &str,
    facts: &CaseFacts,
    lead: &str,
) -> Vec<CoHandler> {
    let decided = deciding(regulation, directory, home, facts);
    let mut parts: Vec<CoHandler> = Vec::new();
    for (index, respondent) in (0u32..).zip(&facts.respondents) {
        if Some(index) == decided {
            continue;
        }
        let alone = CaseFacts { respondents: vec![respondent.clone()], ..facts.clone() };
        let (organ, citation, facts_used) = match competent(regulation, directory, home, &alone) {
            Ok(Competent { organ, .. }) if organ == lead => continue,
            Ok(Competent { organ, citation, facts_used, .. }) => (Some(organ), Some(citation), facts_used),
            Err(_) => (None, None, Vec::new()),
        };
        match parts.iter_mut().find(|part| part.organ == organ) {
            Some(part) => part.respondents.push(index),
            None => parts.push(CoHandler { organ, respondents: vec![index], citation, facts_used }),
        }
    }
    parts
}
