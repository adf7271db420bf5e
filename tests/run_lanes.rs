//! Lanes beside each other: each has its own text and its own end, none disturbs another.

#[path = "support/lanes.rs"]
mod lanes;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lanes::{Scripted, Step, ask, finish, next, request, start, test_model, text_of, trace};
use llmbench::message::{ModelResponse, ResponseState};
use llmbench::model::{ErrorKind, EventSink, LaneEvent, Model, ModelError, Outcome, TestModel};
use llmbench::run::{LaneRecord, LaneReport};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

const SECOND: Duration = Duration::from_secs(1);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn say(text: &str) -> Step {
    Step::Say(text.to_owned())
}

fn failure() -> ModelError {
    ModelError::new(ErrorKind::Connect, "no connection")
}

fn ending(lane: &LaneRecord) -> (Outcome, Option<ErrorKind>, String) {
    (lane.outcome(), lane.error.as_ref().map(|error| error.kind), text_of(lane))
}

/// A model for the lane of that number, and how its lane must end.
fn mixed(number: usize) -> (Arc<dyn Model>, (Outcome, Option<ErrorKind>, String)) {
    let text = format!("lane {number} has words of its own");
    let spec = |options: &str| test_model(&format!("lane{number},{options},text={text}"));
    let nothing = String::new();
    match number % 10 {
        1 => (spec("fail=429"), (Outcome::Failed, Some(ErrorKind::Http), nothing)),
        3 => (spec("fail=connect"), (Outcome::Failed, Some(ErrorKind::Connect), nothing)),
        5 => {
            let steps = vec![say(&text), Step::Wait(ms(number as u64)), Step::Panic];
            (Scripted::new("panics", steps), (Outcome::Interrupted, Some(ErrorKind::Protocol), text))
        }
        7 => {
            let steps = vec![say(&text), Step::Wait(SECOND), Step::Fail(failure())];
            (Scripted::new("breaks", steps), (Outcome::Interrupted, Some(ErrorKind::Connect), text))
        }
        9 => {
            (Scripted::new("panics at once", vec![Step::Panic]), (Outcome::Failed, Some(ErrorKind::Protocol), nothing))
        }
        _ => (spec("rate=50"), (Outcome::Completed, None, text)),
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_lanes_keep_their_texts_apart_while_half_of_them_fail() {
    let (models, expected): (Vec<_>, Vec<_>) = (0..100).map(mixed).unzip();
    let lanes = finish(&mut start(&models, true)).await;
    assert_eq!(lanes.iter().map(ending).collect::<Vec<_>>(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_lane_ends_once_and_nothing_follows() {
    let (models, _): (Vec<_>, Vec<_>) = (0..10).map(mixed).unzip();
    let mut run = start(&models, true);
    let mut ends = vec![0; models.len()];
    while let Some(event) = run.events.recv().await {
        assert_eq!(ends[event.lane], 0, "after the end: {event:?}");
        ends[event.lane] += usize::from(matches!(event.event, LaneEvent::Ended { .. }));
    }
    assert_eq!(ends, vec![1; models.len()]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_its_attempt_as_any_failure_does() {
    let lane = ask(Scripted::new("m", vec![say("Hel"), Step::Wait(SECOND), Step::Panic]), true).await;
    assert_eq!(trace(&lane), [("m", Some(Outcome::Interrupted), Some(ErrorKind::Protocol))]);
    assert_eq!(lane.attempts[0].ended, Some(SECOND));
    assert_eq!(lane.response().state, ResponseState::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn cancelling_one_lane_leaves_the_others_alone() {
    let slow = |text: &str| Scripted::new("slow", vec![say("Once "), Step::Wait(SECOND), say(text)]);
    let models: [Arc<dyn Model>; 3] = [slow("first"), slow("second"), slow("third")];
    let mut run = start(&models, true);
    let cancel = run.cancel[1].clone();
    tokio::spawn(async move {
        sleep(ms(500)).await;
        cancel.cancel();
    });
    let lanes = finish(&mut run).await;
    let expected = [
        (Outcome::Completed, None, "Once first".to_owned()),
        (Outcome::Cancelled, Some(ErrorKind::Cancelled), "Once ".to_owned()),
        (Outcome::Completed, None, "Once third".to_owned()),
    ];
    assert_eq!(lanes.iter().map(ending).collect::<Vec<_>>(), expected);
    assert_eq!(lanes[1].attempts[0].ended, Some(ms(500)));
    assert_eq!(lanes[1].response().state, ResponseState::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn cancelling_all_ends_every_lane_at_once_even_one_that_never_looks() {
    let models: [Arc<dyn Model>; 3] = [
        Scripted::new("hangs", vec![say("Hel"), Step::Hang]),
        test_model("poet,rate=1,tokens=1000"),
        test_model("poet,ttft=3600000"),
    ];
    let mut run = start(&models, true);
    next(&mut run).await;
    sleep(SECOND).await;
    let started = Instant::now();
    run.cancel_all();
    let lanes = finish(&mut run).await;
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(lanes.iter().map(LaneRecord::outcome).collect::<Vec<_>>(), [Outcome::Cancelled; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_lane_that_is_cancelled_before_it_begins_asks_for_nothing() {
    let model = Scripted::new("m", vec![say("Hello")]);
    let mut run = start(&[Arc::clone(&model) as Arc<dyn Model>], true);
    run.cancel_all();
    let lane = finish(&mut run).await.remove(0);
    assert_eq!((lane.outcome(), model.said()), (Outcome::Cancelled, 0));
}

#[tokio::test(start_paused = true)]
async fn stamps_are_of_the_arrival_however_late_they_are_read() {
    let steps = vec![say("a"), Step::Wait(ms(100)), say("b"), Step::Wait(ms(200)), say("c")];
    let mut run = start(&[Scripted::new("m", steps) as Arc<dyn Model>], true);
    sleep(60 * SECOND).await;
    let lane = finish(&mut run).await.remove(0);
    assert_eq!(lane.marks.iter().map(|mark| mark.at).collect::<Vec<_>>(), [ms(0), ms(100), ms(300)]);
    let timing = lane.timing();
    assert_eq!((timing.ttft_ms, timing.total_ms, timing.close_ms), (Some(0.0), Some(300.0), Some(300.0)));
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_stops_reading_holds_the_lane_back() {
    let model = Scripted::new("m", (0..100_000).map(|_| say("x")).collect());
    let mut run = start(&[Arc::clone(&model) as Arc<dyn Model>], true);
    sleep(60 * SECOND).await;
    let ahead = model.said();
    assert!(ahead <= 1_000, "{ahead} tokens wait for nobody");
    sleep(60 * SECOND).await;
    assert_eq!(model.said(), ahead);
    let lane = finish(&mut run).await.remove(0);
    assert_eq!((text_of(&lane).len(), lane.outcome()), (100_000, Outcome::Completed));
}

#[tokio::test(start_paused = true)]
async fn what_arrived_while_the_channel_was_full_keeps_its_stamp() {
    let model = Scripted::new("m", (0..1_000).map(|_| say("x")).collect());
    let mut run = start(&[Arc::clone(&model) as Arc<dyn Model>], true);
    sleep(60 * SECOND).await;
    let ahead = model.said();
    let lane = finish(&mut run).await.remove(0);
    // One more had arrived and waited; the rest arrived when there was room again.
    let stamps: Vec<_> = lane.marks.iter().map(|mark| mark.at).collect();
    let expected = (0..1_000).map(|number| if number <= ahead { Duration::ZERO } else { 60 * SECOND });
    assert_eq!(stamps, expected.collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn lanes_end_when_nobody_listens_any_more() {
    let models: Vec<_> = (0..5).map(|_| Scripted::new("m", vec![say("Hel"), Step::Hang])).collect();
    let all: Vec<_> = models.iter().map(|model| Arc::clone(model) as Arc<dyn Model>).collect();
    let mut run = start(&all, true);
    next(&mut run).await;
    drop(run);
    drop(all);
    sleep(SECOND).await;
    let holders: Vec<_> = models.iter().map(Arc::strong_count).collect();
    assert_eq!(holders, [1; 5], "a lane still holds its model");
}

/// The model's own response, and the record that its events fold to.
async fn both(model: &dyn Model, stream: bool) -> (ModelResponse, LaneRecord) {
    let (sender, mut events) = mpsc::channel(1_000);
    let (sink, cancel) = (EventSink::new(0, sender), CancellationToken::new());
    let response = model.request(&request(stream), &sink, &cancel).await.expect("an answer");
    drop(sink);
    let mut record = LaneRecord::new("lane", Timestamp::UNIX_EPOCH);
    while let Some(event) = events.recv().await {
        record.apply(event.at, &event.event);
    }
    (response, record)
}

#[tokio::test(start_paused = true)]
async fn a_record_folds_to_the_models_own_response_streamed_or_not() {
    for spec in ["storyteller", "thinker,thinking=20,tokens=30", "brief,usage=off", "poet,chunk=7,tokens=50"] {
        let model = TestModel::parse("m", spec).expect("a test model");
        let (streamed, record) = both(&model, true).await;
        let folded = record.response();
        assert_eq!(
            (&folded.parts, &folded.usage, folded.finish_reason, &folded.model_name),
            (&streamed.parts, &streamed.usage, streamed.finish_reason, &streamed.model_name),
            "{spec}"
        );
        let (whole, _) = both(&model, false).await;
        assert_eq!(whole, streamed, "{spec}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_lane_reports_no_response_and_an_interrupted_one_its_part() {
    let models = [test_model("poet,fail=401"), test_model("poet,fail=cut,after=2,text=Roses are red")];
    let lanes = finish(&mut start(&models, true)).await;
    let reports: Vec<_> = lanes.iter().map(LaneReport::from).collect();
    assert_eq!((reports[0].status, &reports[0].response), (Outcome::Failed, &None));
    let part = reports[1].response.as_ref().expect("a part");
    let expected = (Outcome::Interrupted, &ResponseState::Interrupted, None);
    assert_eq!((reports[1].status, &part.state, part.finish_reason), expected);
    assert!("Roses are red".starts_with(&part.text()) && !part.text().is_empty(), "{part:?}");
}
