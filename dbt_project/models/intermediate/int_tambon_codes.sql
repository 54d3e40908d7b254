{# Current codes and retired ones with the tambon they became. #}
with tambon as (
    select tambon_code from {{ ref('tambon') }}
),

retired as (
    select * from {{ ref('retired_codes') }}
),

final as (
    select
        tambon_code as code,
        tambon_code,
        false as is_retired
    from tambon
    union all
    select
        retired.retired_code,
        tambon.tambon_code,
        true
    from retired
    inner join tambon on retired.replaced_by = tambon.tambon_code
)

select * from final
