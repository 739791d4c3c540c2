//! What a category wants to know.

use serde_json::{Value, json};

use crate::family::category::leaf_of_path;
use crate::family::fit::fitted;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::category::{Attribute, attributes};

/// Markets in which global products are sold.
pub(super) const MARKETS: [&str; 14] =
    ["DE", "ES", "FR", "GB", "IT", "IE", "JP", "MY", "PH", "SG", "TH", "US", "VN", "MX"];

/// `GET /product/202309/categories/{category_id}/attributes`
pub(super) fn get_category_attributes(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let category = leaf_of_path(call, Some(&shop_of(call, world)?.region))?;
    let rows: Vec<_> = category.trade.into_iter().flat_map(attributes).map(row).collect();
    Ok(fitted(call, json!({ "attributes": rows })))
}

/// `GET /product/202309/categories/{category_id}/global_attributes`
pub(super) fn get_global_attributes(call: &Admitted<'_>, _: &mut World) -> Result<Success, Refusal> {
    let category = leaf_of_path(call, None)?;
    let rows = category.trade.into_iter().flat_map(attributes).map(|attribute| {
        let mut row = row(attribute);
        let (required, optional) =
            if attribute.required { (&MARKETS[..], &[][..]) } else { (&[][..], &MARKETS[..]) };
        row["required_regions"] = required.into();
        row["optional_regions"] = optional.into();
        for condition in row["requirement_conditions"].as_array_mut().into_iter().flatten() {
            condition["region"] = "US".into();
        }
        row
    });
    let rows: Vec<_> = rows.collect();
    Ok(fitted(call, json!({ "attributes": rows })))
}

/// `is_requried` is the platform's own spelling.
fn row(attribute: &Attribute) -> Value {
    let values = attribute.values.iter().map(|(id, name)| json!({ "id": id, "name": name }));
    let conditions = attribute.only_with.iter().map(|(id, value)| {
        json!({ "condition_type": "VALUE_ID_MATCH", "attribute_id": id, "attribute_value_id": value })
    });
    json!({
        "id": attribute.id,
        "name": attribute.name,
        "type": attribute.kind.as_str(),
        "is_requried": attribute.required,
        "is_customizable": attribute.customizable,
        "is_multiple_selection": attribute.multiple,
        "value_data_format": attribute.numeric.then_some("POSITIVE_INT_OR_DECIMAL"),
        "values": values.collect::<Vec<_>>(),
        "requirement_conditions": conditions.collect::<Vec<_>>(),
    })
}
