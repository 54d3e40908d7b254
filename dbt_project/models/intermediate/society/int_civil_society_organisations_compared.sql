{#
    Organisations beside the list of the year before. New is who was in no earlier list; without a list of the year
    before nobody can tell.
#}
with organisations as (
    select * from {{ ref('int_civil_society_organisations_placed') }}
    where destination = 'in_marts'
),

years as (
    select distinct fiscal_year_be from organisations
),

first_years as (
    select
        organisation_code,
        min(fiscal_year_be) as first_fiscal_year_be
    from organisations
    group by organisation_code
),

final as (
    select
        organisations.fiscal_year_be,
        organisations.organisation_code,
        organisations.period,
        organisations.organisation_name,
        organisations.organisation_kind,
        organisations.place_level,
        organisations.place_code,
        organisations.place_province_code,
        organisations.is_children_women_centre,
        organisations.is_active,
        organisations.work_fields,
        organisations.member_persons,
        organisations.coordinator_persons,
        earlier.member_persons as year_before_member_persons,
        organisations.member_persons - earlier.member_persons as member_change_persons,
        case
            when organisations.member_persons is not null and earlier.member_persons is not null
                then least(organisations.member_persons, earlier.member_persons)
        end as fewest_member_persons,
        case
            when years.fiscal_year_be is not null
                then first_years.first_fiscal_year_be = organisations.fiscal_year_be
        end as is_new,
        organisations._submission_id,
        organisations._sheet,
        organisations._row
    from organisations
    inner join first_years on organisations.organisation_code = first_years.organisation_code
    left join years on organisations.fiscal_year_be - 1 = years.fiscal_year_be
    left join organisations as earlier
        on
            organisations.organisation_code = earlier.organisation_code
            and organisations.fiscal_year_be - 1 = earlier.fiscal_year_be
)

select * from final
