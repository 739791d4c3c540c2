//! `ttshop call`: any operation of the platform, by name.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use ttshop::api::FileUpload;
use ttshop::{Client, RawReply};
use ttshop_catalogue::{Kind, Operation, Schema};

use crate::command::ops;
use crate::connection::{ConnectionFlags, call_failure};
use crate::failure::Failure;
use crate::input;
use crate::output::{Bar, Output};

const EXAMPLES: &str = "\
Examples:
  ttshop call order.search_orders --profile emulator --shop us -p page_size=10
  ttshop call order.get_order_detail --shop us -p ids=576461413038785752
  ttshop call order.search_orders --shop us --body '{\"order_status\": \"UNPAID\"}' --all-pages
  ttshop call product.upload_product_image --file data=front.png -p use_case=MAIN_IMAGE
  ttshop call authorization.get_authorized_shops --raw | jq";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// `family.operation`, with `@version` unless the pinned one is meant.
    operation: String,
    /// The shop, by id or alias; not needed where there is only one.
    #[arg(long, value_name = "SHOP", env = "TTSHOP_SHOP")]
    shop: Option<String>,
    /// A parameter of the path, the query or the body: `name=value`; lists are joined by commas.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// A JSON object with further parameters: text, `@file`, or `@-` for standard input.
    #[arg(long, value_name = "JSON")]
    body: Option<String>,
    /// A file of an upload: `part=@path`. It is looked at before anything is sent.
    #[arg(long = "file", value_name = "PART=@PATH", conflicts_with = "all_pages")]
    files: Vec<String>,
    /// Follow the pages to the end; one page a line.
    #[arg(long)]
    all_pages: bool,
    /// Print `data` exactly as the platform sent it.
    #[arg(long, conflicts_with = "json")]
    raw: bool,
    #[command(flatten)]
    connection: ConnectionFlags,
}

/// What `--json` prints for one answer.
#[derive(Serialize)]
struct Answer<'a> {
    operation: String,
    request_id: &'a str,
    attempts: u32,
    data: &'a RawValue,
}

pub(crate) async fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let operation = ops::find(&arguments.operation)?;
    let body = arguments.body.as_deref().map(input::body).transpose()?;
    let call_arguments = merge(operation, body.as_deref(), &arguments.parameters)?;
    let files =
        arguments.files.iter().map(|text| UploadArgument::read(text)).collect::<Result<Vec<_>, _>>()?;
    let client = arguments.connection.open().await?.client_for(arguments.shop.as_deref())?;
    let printer = Printer { output, operation, raw: arguments.raw };
    if arguments.all_pages {
        return follow_pages(&client, &printer, call_arguments).await;
    }
    let waiting = output.spinner(&format!("calling {}", operation.key));
    let bars: Vec<_> = files.iter().map(|file| output.bar(&file.path.display().to_string())).collect();
    let files = files.into_iter().zip(&bars).map(|(file, bar)| file.into_upload(bar.clone()));
    let reply = client.call_with_files(&printer.name(), call_arguments, files).await;
    let reply = reply.map_err(|error| call_failure(&error))?;
    drop((waiting, bars));
    printer.print(&reply)
}

async fn follow_pages(client: &Client, printer: &Printer, arguments: Value) -> Result<(), Failure> {
    let pages = client.call_pages(&printer.name(), arguments).map_err(|error| call_failure(&error));
    let mut pages = pages?;
    while let Some(page) = pages.next().await {
        printer.print_line(&page.map_err(|error| call_failure(&error))?)?;
    }
    Ok(())
}

/// `--file part=@path`.
#[derive(PartialEq, Eq, Debug)]
struct UploadArgument {
    part: String,
    path: PathBuf,
}

impl UploadArgument {
    fn read(text: &str) -> Result<Self, Failure> {
        let unusable = || Failure::usage(format!("`{text}` is no file")).remedy("write `--file part=@path`");
        let (part, path) = text.split_once('=').ok_or_else(unusable)?;
        let path = path.strip_prefix('@').unwrap_or(path);
        if part.is_empty() || path.is_empty() {
            return Err(unusable());
        }
        Ok(Self { part: part.to_owned(), path: path.into() })
    }

    fn into_upload(self, bar: Bar) -> (String, FileUpload) {
        let file = FileUpload::from_path(self.path);
        (self.part, file.on_progress(move |sent, length| bar.show(sent, length)))
    }
}

/// How answers are printed.
struct Printer {
    output: Output,
    operation: &'static Operation,
    raw: bool,
}

impl Printer {
    fn name(&self) -> String {
        format!("{}@{}", self.operation.key, self.operation.version)
    }

    /// One answer: as it came, as one JSON value, or indented for eyes.
    fn print(&self, reply: &RawReply) -> Result<(), Failure> {
        if self.raw || self.output.wants_json() {
            return self.print_line(reply);
        }
        let data: Value = reply.decode().map_err(|error| unreadable(&error))?;
        let text = serde_json::to_string_pretty(&data).map_err(|error| unreadable(&error))?;
        self.output.line(text)?;
        self.output.note(format!("request_id {}", reply.request_id));
        Ok(())
    }

    /// One answer on one line.
    fn print_line(&self, reply: &RawReply) -> Result<(), Failure> {
        if self.output.wants_json() {
            let data = reply.decode().map_err(|error| unreadable(&error))?;
            let request_id = reply.request_id.as_str();
            return self.output.json(&Answer {
                operation: self.name(),
                request_id,
                attempts: reply.attempts,
                data,
            });
        }
        self.output.line(String::from_utf8_lossy(reply.data()))
    }
}

fn unreadable(error: &serde_json::Error) -> Failure {
    Failure::new(format!("the answer cannot be read at column {}", error.column()))
        .remedy("print it with `--raw`")
}

/// The call's arguments: those of the body, then the single ones.
fn merge(operation: &Operation, body: Option<&[u8]>, parameters: &[String]) -> Result<Value, Failure> {
    let body = body.map(serde_json::from_slice::<Value>).transpose();
    let body = body.map_err(|error| Failure::usage(format!("the body is no JSON: {error}")))?;
    let mut arguments = match body {
        None => Map::new(),
        Some(Value::Object(fields)) => fields,
        Some(_) => return Err(Failure::usage("the body is no JSON object")),
    };
    for parameter in parameters {
        let (name, text) = parameter.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{parameter}` is no parameter")).remedy("write `-p name=value`")
        })?;
        arguments.insert(name.to_owned(), value(schema_of(operation, name), name, text)?);
    }
    Ok(Value::Object(arguments))
}

fn schema_of(operation: &Operation, name: &str) -> Option<&'static Schema> {
    let query = operation.query.iter().find(|field| field.name == name);
    let body = operation.body.and_then(|body| body.field(name));
    let form = operation.multipart.iter().find(|field| field.name == name);
    query.or(body).or(form).map(|field| field.schema)
}

/// Text as the type that the catalogue names; text where it names none.
fn value(schema: Option<&Schema>, name: &str, text: &str) -> Result<Value, Failure> {
    let Some(schema) = schema else { return Ok(Value::String(text.to_owned())) };
    match schema.kind {
        Kind::String | Kind::Any | Kind::File | Kind::Recursive => Ok(Value::String(text.to_owned())),
        Kind::Array if !text.starts_with('[') => {
            text.split(',').map(|item| value(schema.items, name, item)).collect()
        }
        Kind::Integer | Kind::Number | Kind::Boolean | Kind::Array | Kind::Object | Kind::Map => {
            serde_json::from_str(text).map_err(|_| {
                Failure::usage(format!("`{text}` is no value for `{name}`"))
                    .remedy(format!("`ttshop ops show` says what it takes: {:?}", schema.kind))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(key: &str, body: &str, parameters: &[&str]) -> Result<Value, Failure> {
        let parameters: Vec<_> = parameters.iter().map(|text| (*text).to_owned()).collect();
        merge(ops::find(key).unwrap(), Some(body.as_bytes()), &parameters)
    }

    #[test]
    fn parameters_take_the_catalogues_types_and_win_over_the_body() {
        let arguments = merged(
            "order.search_orders",
            r#"{"order_status": "UNPAID", "page_size": 1}"#,
            &["page_size=10", "is_buyer_request_cancel=true", "warehouse_ids=7,8", "buyer_user_id=749"],
        );
        let expected = json!({
            "order_status": "UNPAID", "page_size": 10, "is_buyer_request_cancel": true,
            "warehouse_ids": ["7", "8"], "buyer_user_id": "749",
        });
        assert_eq!(arguments.unwrap(), expected);
    }

    #[test]
    fn files_are_named_by_their_part() {
        let front = UploadArgument { part: "data".into(), path: "pictures/front=1.png".into() };
        assert_eq!(UploadArgument::read("data=@pictures/front=1.png").unwrap(), front);
        assert_eq!(UploadArgument::read("data=pictures/front=1.png").unwrap(), front);
        for text in ["front.png", "data=", "data=@", "=@front.png"] {
            assert!(UploadArgument::read(text).unwrap_err().to_string().contains("is no file"), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_before_it_is_sent() {
        assert!(merged("order.search_orders", "{}", &["page_size=ten"]).is_err());
        assert!(merged("order.search_orders", "{}", &["page_size"]).is_err());
        assert!(merged("order.search_orders", "[]", &[]).is_err());
        assert!(merged("order.search_orders", "{", &[]).is_err());
    }
}
