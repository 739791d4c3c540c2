//! Who may call when: the state machine behind [`super::Scheduler`]. It is told the time and sleeps never.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::guard::{Guard, Health};
use super::lane::Lane;
use super::lanes::Lanes;
use super::rate::Sent;
use super::ready::Ready;
use super::rules::Rules;
use super::snapshot::{KeySnapshot, Snapshot};
use super::{Ask, BudgetError, BudgetKey, Priority, Refused, Usage};

/// How many calls may wait; more are refused at once.
pub const WAITING_MAX: usize = 100_000;

/// The longest wait that the platform can impose, in microseconds: the hour of a test shop, and a minute.
const HOLD_MAX: u64 = 3_660_000_000;

/// Microseconds of a day.
const DAY: u64 = 86_400_000_000;

/// A permission that was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Grant {
    lane: u32,
    sent: Sent,
}

/// What follows from asking.
#[derive(Debug)]
pub(super) enum Answer {
    Go(Grant),
    /// Wait for this ticket to be decided.
    Wait(u64),
    Never(BudgetError),
}

/// What became of a ticket.
#[derive(Debug)]
pub(super) enum Verdict {
    Go(Grant),
    Never(BudgetError),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Timer {
    Lane(u32),
    Deadline(u64),
}

#[derive(Debug)]
struct Ticket {
    lane: u32,
    class: usize,
    deadline: u64,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Waiting,
    Granted(Grant),
    Expired,
}

/// All lanes, all waiting calls, all timers. Times are microseconds.
#[derive(Debug)]
pub(super) struct Permits {
    rules: Rules,
    lanes: Lanes,
    tickets: HashMap<u64, Ticket>,
    tickets_given: u64,
    timers: BTreeSet<(u64, Timer)>,
    ready: Ready,
    guard: Guard,
    in_flight: u32,
    /// Microseconds from 1970 to time zero.
    since_1970: u64,
    /// Tickets that were decided and whose owners do not know it yet.
    decided: Vec<u64>,
}

impl Permits {
    pub(super) fn new(rules: Rules, keys_max: usize, in_flight_max: u32, since_1970: Duration) -> Self {
        Self {
            rules,
            lanes: Lanes::new(keys_max),
            tickets: HashMap::new(),
            tickets_given: 0,
            timers: BTreeSet::new(),
            ready: Ready::default(),
            guard: Guard::new(in_flight_max),
            in_flight: 0,
            since_1970: micros(since_1970),
            decided: Vec::new(),
        }
    }

    /// Asks for one call.
    pub(super) fn ask(&mut self, now: u64, ask: &Ask<'_>) -> Answer {
        self.advance(now);
        let Some(place) = self.lanes.find_or_add(ask.key, &self.rules, now) else {
            return Answer::Never(BudgetError { reason: Refused::Full, wait: Duration::ZERO });
        };
        let due = self.due(place, now);
        let alone = self.lanes.lane(place).queues.is_none();
        if alone && due <= now && self.ready.is_empty() && self.guard.has_room(self.in_flight, now) {
            return Answer::Go(self.grant(place, now));
        }
        let class = ask.priority.index();
        let deadline = now.saturating_add(micros(ask.patience));
        match self.refusal(place, class, due, deadline, now) {
            Some(error) => Answer::Never(error),
            None => Answer::Wait(self.wait(place, class, deadline, now)),
        }
    }

    /// Why the call should not even wait.
    fn refusal(
        &mut self,
        place: u32,
        class: usize,
        due: u64,
        deadline: u64,
        now: u64,
    ) -> Option<BudgetError> {
        let exhausted = self.day_is_used_up(place, now);
        let lane = self.lanes.lane(place);
        let ahead = lane.queues.as_ref().map_or(0, |queues| queues.len(class));
        let interval = lane.rate.interval(self.rules.rate(lane.rule));
        let turn = due.saturating_add(interval.saturating_mul(u64::try_from(ahead).unwrap_or(u64::MAX)));
        let reason = match () {
            () if turn > deadline && exhausted => Refused::DayUsedUp,
            () if turn > deadline => Refused::TooLate,
            () if self.tickets.len() >= WAITING_MAX => Refused::Full,
            () => return None,
        };
        Some(BudgetError { reason, wait: Duration::from_micros(turn.saturating_sub(now)) })
    }

    fn wait(&mut self, place: u32, class: usize, deadline: u64, now: u64) -> u64 {
        let ticket = self.tickets_given;
        self.tickets_given += 1;
        self.tickets.insert(ticket, Ticket { lane: place, class, deadline, state: State::Waiting });
        self.timers.insert((deadline, Timer::Deadline(ticket)));
        self.lanes.lane(place).queues.get_or_insert_default().add(class, ticket);
        self.settle(place, now);
        self.serve(now);
        ticket
    }

    /// What became of `ticket`, once it is decided; then it is forgotten.
    pub(super) fn take(&mut self, ticket: u64, now: u64) -> Option<Verdict> {
        let Ticket { lane, state, .. } = self.tickets.get(&ticket)?;
        let (place, state) = (*lane, *state);
        let verdict = match state {
            State::Waiting => return None,
            State::Granted(grant) => Verdict::Go(grant),
            State::Expired => {
                let wait = Duration::from_micros(self.due(place, now).saturating_sub(now));
                Verdict::Never(BudgetError { reason: Refused::Expired, wait })
            }
        };
        self.tickets.remove(&ticket);
        Some(verdict)
    }

    /// The owner of `ticket` went away.
    pub(super) fn cancel(&mut self, ticket: u64, now: u64) {
        let Some(Ticket { lane, class, deadline, state }) = self.tickets.remove(&ticket) else { return };
        match state {
            State::Waiting => {
                self.timers.remove(&(deadline, Timer::Deadline(ticket)));
                self.leave(lane, class, ticket, now);
                self.serve(now);
            }
            State::Granted(grant) => self.report(grant, Usage::Unknown, now),
            State::Expired => {}
        }
    }

    fn leave(&mut self, place: u32, class: usize, ticket: u64, now: u64) {
        if let Some(queues) = &mut self.lanes.lane(place).queues {
            queues.remove(class, ticket);
        }
        self.settle(place, now);
    }

    /// Lets time pass: lanes fall due, deadlines pass.
    pub(super) fn advance(&mut self, now: u64) {
        while let Some((due, timer)) = self.timers.first().copied().filter(|(due, _)| *due <= now) {
            self.timers.remove(&(due, timer));
            match timer {
                Timer::Lane(place) => {
                    if let Some(queues) = &mut self.lanes.lane(place).queues {
                        queues.timer = None;
                    }
                    self.settle(place, now);
                }
                Timer::Deadline(ticket) => self.expire(ticket, now),
            }
        }
        self.serve(now);
    }

    fn expire(&mut self, number: u64, now: u64) {
        let Some(ticket) = self.tickets.get_mut(&number) else { return };
        ticket.state = State::Expired;
        let (place, class) = (ticket.lane, ticket.class);
        self.decided.push(number);
        self.leave(place, class, number, now);
    }

    /// When time has something to do.
    pub(super) fn next_due(&self) -> Option<u64> {
        let timer = self.timers.first().map(|(due, _)| *due);
        let probe = self.guard.next_probe().filter(|_| !self.ready.is_empty() && self.in_flight == 0);
        timer.into_iter().chain(probe).min()
    }

    /// Tickets that were decided since the last call.
    pub(super) fn decided(&mut self) -> std::vec::Drain<'_, u64> {
        self.decided.drain(..)
    }

    /// A permitted call ended.
    pub(super) fn report(&mut self, grant: Grant, usage: Usage, now: u64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let lane = self.lanes.lane(grant.lane);
        lane.in_flight = lane.in_flight.saturating_sub(1);
        let (options, shop) = (self.rules.rate(lane.rule), lane.shop);
        match usage {
            Usage::Accepted => {
                lane.rate.accepted(options, now, grant.sent);
                let health = lane.usual.judge(now.saturating_sub(grant.sent.at));
                self.guard.note(health, now);
            }
            Usage::Throttled { retry_after } => {
                lane.refused = lane.refused.saturating_add(1);
                lane.rate.refused(options, now, grant.sent);
                lane.rate.hold(now + micros(retry_after.unwrap_or_default()).min(HOLD_MAX));
                self.guard.note(Health::Well, now);
            }
            Usage::ShopExhausted { wait } => {
                lane.refused = lane.refused.saturating_add(1);
                let shop = self.lanes.shop(shop);
                shop.held_until = shop.held_until.max(now + micros(wait).min(HOLD_MAX));
            }
            Usage::Failed => self.guard.note(Health::Failed, now),
            Usage::Unknown => {}
        }
        self.settle(grant.lane, now);
        self.serve(now);
    }

    fn grant(&mut self, place: u32, now: u64) -> Grant {
        let day = self.day(now);
        let lane = self.lanes.lane(place);
        lane.count(day);
        self.in_flight += 1;
        let sent = lane.rate.spend(self.rules.rate(lane.rule), now);
        Grant { lane: place, sent }
    }

    /// Puts a lane where it belongs: nowhere, to the timers, or among those that could go on.
    fn settle(&mut self, place: u32, now: u64) {
        let due = self.due(place, now);
        let Some(mut queues) = self.lanes.lane(place).queues.take() else { return };
        let class = queues.next_class();
        let timer = class.and(Some(due)).filter(|due| *due > now);
        if queues.timer != timer {
            queues.timer.map(|old| self.timers.remove(&(old, Timer::Lane(place))));
            timer.map(|new| self.timers.insert((new, Timer::Lane(place))));
            queues.timer = timer;
        }
        let class_ready = class.filter(|_| timer.is_none());
        if queues.ready.map(|ready| ready.class) != class_ready {
            if let Some(old) = queues.ready.take() {
                self.ready.remove(old, place);
            }
            if let Some(class) = class_ready {
                let shop = self.lanes.lane(place).shop;
                queues.ready = Some(self.ready.add(class, place, &mut self.lanes.shop(shop).turn));
            }
        }
        if class.is_some() {
            self.lanes.lane(place).queues = Some(queues);
        }
    }

    /// Gives permissions while there is room in flight.
    fn serve(&mut self, now: u64) {
        while !self.ready.is_empty() && self.guard.has_room(self.in_flight, now) {
            let Some((class, place)) = self.ready.take() else { return };
            let due = self.due(place, now);
            let Some(queues) = &mut self.lanes.lane(place).queues else { continue };
            queues.ready = None;
            // The shop may have been told to wait since.
            if due <= now
                && let Some(number) = queues.take(class)
            {
                let grant = self.grant(place, now);
                if let Some(ticket) = self.tickets.get_mut(&number) {
                    ticket.state = State::Granted(grant);
                    self.timers.remove(&(ticket.deadline, Timer::Deadline(number)));
                    self.decided.push(number);
                }
            }
            self.settle(place, now);
        }
    }

    /// When the lane may make its next call, as far as it alone is concerned.
    fn due(&mut self, place: u32, now: u64) -> u64 {
        let exhausted = self.day_is_used_up(place, now);
        let lane = self.lanes.lane(place);
        let (next, shop) = (lane.rate.next(), lane.shop);
        let tomorrow = if exhausted { now + DAY - (self.since_1970 + now) % DAY } else { 0 };
        next.max(self.lanes.shop(shop).held_until).max(tomorrow)
    }

    fn day_is_used_up(&mut self, place: u32, now: u64) -> bool {
        let day = self.day(now);
        let lane = self.lanes.lane(place);
        self.rules.day_max(lane.rule).is_some_and(|max| lane.calls_of(day) >= max)
    }

    fn day(&self, now: u64) -> u16 {
        u16::try_from((self.since_1970 + now) / DAY).unwrap_or(u16::MAX)
    }

    pub(super) fn snapshot(&self, now: u64) -> Snapshot {
        Snapshot {
            keys: self.lanes.all().iter().map(|lane| self.key_snapshot(lane, now)).collect(),
            in_flight: self.in_flight,
            in_flight_limit: self.guard.limit(),
            waiting: self.tickets.len(),
        }
    }

    pub(super) fn snapshot_of(&self, key: &BudgetKey, now: u64) -> Option<KeySnapshot> {
        let place = usize::try_from(self.lanes.find(key)?).ok()?;
        self.lanes.all().get(place).map(|lane| self.key_snapshot(lane, now))
    }

    fn key_snapshot(&self, lane: &Lane, now: u64) -> KeySnapshot {
        let waiting = |class: Priority| lane.queues.as_ref().map_or(0, |queues| queues.len(class.index()));
        KeySnapshot {
            key: self.lanes.key(lane),
            milli_per_second: lane.rate.learnt(),
            waiting: Priority::ALL.map(waiting),
            in_flight: u32::from(lane.in_flight),
            granted: lane.granted,
            refused: u64::from(lane.refused),
            next_in: Duration::from_micros(lane.rate.next().saturating_sub(now)),
        }
    }
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
