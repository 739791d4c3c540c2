//! One suite for every store: each sentence of [`crate::Store`] as a fact that can be false.
//!
//! [`crate::store_conformance!`] makes one test of each fact. Every fact gets a store of its own.

pub mod accepting;
pub mod delivering;
mod expect;
pub mod granting;
pub mod sample;
pub mod telling;
pub mod working;

/// Makes one test of every fact. `$open` is the absolute path of a function that makes an empty store and what must outlive
/// it, such as a directory: `fn() -> (Guard, impl Store)`.
#[macro_export]
macro_rules! store_conformance {
    ($open:path) => {
        $crate::store_conformance! { @facts $open;
            accepting {
                a_new_hint_is_kept_with_its_work
                a_copy_changes_nothing
                one_of_many_copies_is_new
                another_body_is_a_conflict
                many_hints_are_one_job
                a_hint_hastens_a_waiting_job
                a_hint_outlives_the_claim_before_it
                only_news_wakes_a_parked_job
                a_finding_asks_until_the_mirror_follows
                a_repeated_finding_hides_no_hint
                a_repeated_finding_wakes_only_the_parked
                another_version_is_another_finding
                a_batch_is_answered_in_order
                giving_up_undoes_nothing
            }
            working {
                the_oldest_come_first
                a_claim_is_bounded
                a_job_has_one_holder
                a_lapsed_claim_is_lost
                a_late_end_counts_while_nobody_took_over
                a_fence_is_never_given_twice
                one_lost_fence_refuses_all
                a_failed_job_comes_again
                a_parked_job_waits_for_a_person
                an_untried_hint_keeps_a_job_from_parking
                a_second_claim_covers_the_hints_of_the_first
                the_next_due_time_is_exact
                the_backlog_adds_up
            }
            telling {
                a_row_reads_back_whole
                the_mirror_never_goes_back
                a_confirmation_moves_the_time
                pages_skip_and_repeat_nothing
                filters_hold
                a_made_up_cursor_is_refused
                a_sweep_cursor_never_goes_back
                reports_are_bounded
            }
            delivering {
                an_event_goes_to_every_sink
                a_new_sink_gets_later_events
                an_event_is_published_once
                a_lane_keeps_its_order
                a_blocked_lane_stalls_no_other
                the_longest_due_come_first
                a_failed_delivery_goes_again
                a_dead_letter_makes_way
                a_stale_outcome_is_skipped
                a_gone_sink_takes_its_events
            }
            granting {
                a_grant_reads_back_whole
                a_revision_is_written_once
                an_unknown_grant_has_revision_zero
                a_shop_remembers_its_first_day
                a_connection_is_finished_once
                a_connection_has_its_time
                connections_under_way_are_bounded
                a_lease_has_one_holder
                a_lease_is_given_back
            }
        }
    };
    (@facts $open:path; $($topic:ident { $($fact:ident)* })*) => {
        $(mod $topic {
            $(#[tokio::test]
            async fn $fact() {
                // The guard is named first, so that it is dropped last.
                let (_guard, store) = $open();
                $crate::conformance::$topic::$fact(&store).await;
            })*
        })*
    };
}

#[cfg(test)]
mod tests {
    fn memory() -> ((), crate::MemoryStore) {
        ((), crate::MemoryStore::new())
    }

    crate::store_conformance!(crate::conformance::tests::memory);

    #[test]
    fn every_fact_is_a_test() {
        let listed = include_str!("mod.rs");
        for topic in [
            include_str!("accepting.rs"),
            include_str!("working.rs"),
            include_str!("telling.rs"),
            include_str!("delivering.rs"),
            include_str!("granting.rs"),
        ] {
            for fact in topic.split("\npub async fn ").skip(1) {
                let (name, _) = fact.split_once('(').expect("a function has parameters");
                assert!(listed.lines().any(|line| line.trim() == name), "`{name}` is in no list");
            }
        }
    }
}
