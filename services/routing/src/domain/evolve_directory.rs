//! How each entry changes the directory and what is planned for it (4).

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{ChangeState, OrganVersion, PlannedChange};

use super::{Book, Entry};

impl Book {
    pub(super) fn evolve_directory(&mut self, entry: &Entry<'_>) {
        match entry.kind {
            Kind::OrganEstablished(event) if event.organ.is_some() => self.establish(OrganVersion {
                organ: event.organ.clone(),
                at: Some(server::time::to_proto(entry.at)),
                by: entry.actor.to_owned(),
                change_id: event.change_id.clone(),
            }),
            Kind::ChangePlanned(event) => self.change(event.change.clone().unwrap_or_default()),
            Kind::ChangeTookEffect(event) => {
                self.change(ended(event.change.as_ref(), ChangeState::InEffect, entry));
            }
            Kind::ChangeCancelled(event) => {
                let lapsed = !event.lapsed_because.is_empty();
                let state = if lapsed { ChangeState::Lapsed } else { ChangeState::Cancelled };
                self.change(PlannedChange {
                    lapsed_because: event.lapsed_because.clone(),
                    ..ended(event.change.as_ref(), state, entry)
                });
            }
            _ => {}
        }
    }
}

fn ended(change: Option<&PlannedChange>, state: ChangeState, entry: &Entry<'_>) -> PlannedChange {
    PlannedChange {
        state: state.into(),
        ended_by: entry.actor.to_owned(),
        ended_at: Some(server::time::to_proto(entry.at)),
        ..change.cloned().unwrap_or_default()
    }
}
