//! Receive webhooks: verify the bytes as they came, keep them, answer, and only then look inside.

use ttshop::Client;
use ttshop::api::webhook::Notification;

use crate::Outcome;

pub(crate) fn run(client: &Client, authorization: &str, body: &[u8]) -> Outcome {
    let verifier = client.webhook_verifier();
    verifier.verify(Some(authorization.as_bytes()), body)?;
    let notification = Notification::parse(body)?;
    // The same notification may come again, late or out of order: its id tells, and the order itself is read back.
    println!("{} {:?}", notification.type_text, notification.notification_id);
    println!("order {:?}", notification.data_text("order_id"));
    Ok(())
}
