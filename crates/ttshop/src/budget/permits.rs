//! Who may call when: the state machine behind [`super::Scheduler`]. It is told the time and sleeps never.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::lanes::Lanes;
use super::operations::Operations;
use super::rate::Sent;
use super::ready::Ready;
use super::rules::{RateOptions, Rules};
use super::{Ask, BudgetError, BudgetKey, IN_FLIGHT_MIN, Refused, SchedulerOptions};

/// How many calls may wait; more are refused at once.
pub const WAITING_MAX: usize = 100_000;

/// What a linear congruential generator multiplies by; its upper half is random enough to break a rhythm.
const DICE_FACTOR: u64 = 6_364_136_223_846_793_005;

/// A permission that was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Grant {
    pub(super) lane: u32,
    pub(super) sent: Sent,
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
    /// An operation that is down may be tried.
    Probe(u16),
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
    pub(super) rules: Rules,
    pub(super) lanes: Lanes,
    pub(super) operations: Operations,
    tickets: HashMap<u64, Ticket>,
    tickets_given: u64,
    timers: BTreeSet<(u64, Timer)>,
    ready: Ready,
    pub(super) in_flight: u32,
    pub(super) in_flight_max: u32,
    dice: u64,
    /// Microseconds from 1970 to time zero.
    pub(super) since_1970: u64,
    /// Tickets that were decided and whose owners do not know it yet.
    decided: Vec<u64>,
}

impl Permits {
    /// `seed` makes calls waver differently in each process.
    pub(super) fn new(options: SchedulerOptions, since_1970: Duration, seed: u64) -> Self {
        let SchedulerOptions { rules, keys_max, in_flight_max } = options;
        Self {
            rules,
            lanes: Lanes::new(keys_max),
            operations: Operations::default(),
            tickets: HashMap::new(),
            tickets_given: 0,
            timers: BTreeSet::new(),
            ready: Ready::default(),
            in_flight: 0,
            in_flight_max: in_flight_max.max(IN_FLIGHT_MIN),
            dice: seed,
            since_1970: micros(since_1970),
            decided: Vec::new(),
        }
    }

    /// Asks for one call.
    pub(super) fn ask(&mut self, now: u64, ask: &Ask<'_>) -> Answer {
        self.advance(now);
        let Some((place, operation)) = self.find_or_add(ask.key) else {
            return Answer::Never(BudgetError { reason: Refused::Full, wait: Duration::ZERO });
        };
        let due = self.due(place, now);
        let first = self.lanes.lane(place).queues.is_none()
            && self.ready.is_empty()
            && self.operations.get(operation).parked.is_empty();
        if first && due <= now && self.has_room(operation, now) {
            return Answer::Go(self.grant(place, now));
        }
        let class = ask.priority.index();
        let deadline = now.saturating_add(micros(ask.patience));
        match self.refusal(place, class, due, deadline, now) {
            Some(error) => Answer::Never(error),
            None => Answer::Wait(self.wait(place, class, deadline, now)),
        }
    }

    /// The places of a key's lane and operation.
    fn find_or_add(&mut self, key: &BudgetKey) -> Option<(u32, u16)> {
        let operation = (key.method, key.path);
        let operation = self.operations.find_or_add(operation, &self.rules, self.in_flight_max)?;
        Some((self.lanes.find_or_add(key, operation)?, operation))
    }

    fn has_room(&mut self, operation: u16, now: u64) -> bool {
        let operation = self.operations.get_mut(operation);
        self.in_flight < self.in_flight_max && operation.guard.has_room(operation.in_flight, now)
    }

    pub(super) fn options(&self, operation: u16) -> RateOptions {
        self.rules.rate(self.operations.get(operation).rule)
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
        let operation = self.lanes.lane(place).operation;
        let options = self.options(operation);
        let lane = self.lanes.lane(place);
        let ahead = lane.queues.as_ref().map_or(0, |queues| queues.len(class));
        let interval = lane.rate.interval(options);
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

    /// How many calls wait.
    pub(super) fn waiting(&self) -> usize {
        self.tickets.len()
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
            State::Granted(grant) => self.report(grant, super::Usage::Unknown, now),
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
                Timer::Probe(operation) => self.unpark(operation, now),
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
        self.timers.first().map(|(due, _)| *due)
    }

    /// Tickets that were decided since the last call.
    pub(super) fn decided(&mut self) -> std::vec::Drain<'_, u64> {
        self.decided.drain(..)
    }

    /// Lets lanes go on that waited for their operation, as many as it has room for.
    pub(super) fn unpark(&mut self, place: u16, now: u64) {
        let operation = self.operations.get_mut(place);
        if operation.parked.is_empty() {
            return;
        }
        for _ in operation.in_flight..operation.guard.limit() {
            let operation = self.operations.get_mut(place);
            if !operation.guard.has_room(operation.in_flight, now) {
                break;
            }
            let Some((class, lane)) = operation.parked.take() else { break };
            let shop = self.lanes.lane(lane).shop;
            let ready = self.ready.add(class, lane, &mut self.lanes.shop(shop).turn);
            if let Some(queues) = &mut self.lanes.lane(lane).queues {
                queues.ready = Some(ready);
            }
        }
        self.watch(place, now);
    }

    /// Comes back when an operation that is down may be tried.
    fn watch(&mut self, place: u16, now: u64) {
        let operation = self.operations.get(place);
        let waits = !operation.parked.is_empty() && operation.in_flight == 0;
        if let Some(probe) = operation.guard.next_probe().filter(|probe| waits && *probe > now) {
            self.timers.insert((probe, Timer::Probe(place)));
        }
    }

    fn grant(&mut self, place: u32, now: u64) -> Grant {
        let day = self.day(now);
        self.dice = self.dice.wrapping_mul(DICE_FACTOR).wrapping_add(1);
        let dice = u32::try_from(self.dice >> 32).unwrap_or(0);
        let lane = self.lanes.lane(place);
        lane.count();
        let (shop, operation) = (lane.shop, self.operations.get_mut(lane.operation));
        operation.in_flight += 1;
        self.in_flight += 1;
        let rule = operation.rule;
        if self.rules.day_max(rule).is_some() {
            self.lanes.shop(shop).day(rule).count(day);
        }
        let sent = self.lanes.lane(place).rate.spend(self.rules.rate(rule), now, dice);
        Grant { lane: place, sent }
    }

    /// Puts a lane where it belongs: nowhere, to the timers, or among those that could go on.
    pub(super) fn settle(&mut self, place: u32, now: u64) {
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
                let operation = self.lanes.lane(place).operation;
                match old.parked {
                    true => self.operations.get_mut(operation).parked.remove(old, place),
                    false => self.ready.remove(old, place),
                }
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
    pub(super) fn serve(&mut self, now: u64) {
        while !self.ready.is_empty() && self.in_flight < self.in_flight_max {
            let Some((class, place)) = self.ready.take() else { return };
            let due = self.due(place, now);
            let operation = self.lanes.lane(place).operation;
            // The shop may have been told to wait since.
            if due <= now && !self.has_room(operation, now) {
                self.park(class, place, operation, now);
                continue;
            }
            let Some(queues) = &mut self.lanes.lane(place).queues else { continue };
            queues.ready = None;
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

    /// The lane's operation has no room: it waits among its own, and is in nobody's way.
    fn park(&mut self, class: usize, place: u32, operation: u16, now: u64) {
        let shop = self.lanes.lane(place).shop;
        let parked = &mut self.operations.get_mut(operation).parked;
        let ready = parked.add(class, place, &mut self.lanes.shop(shop).turn);
        if let Some(queues) = &mut self.lanes.lane(place).queues {
            queues.ready = Some(ready.parked());
        }
        self.watch(operation, now);
    }
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
