{#
    Everybody reads the notes, so counts of people and households are as coarse in them as in the safe marts, and what
    the gate observed stays in its report.
#}
with texts as (
    select * from {{ ref('note_texts') }}
),

datasets as (
    select * from {{ ref('datasets') }}
),

findings as (
    select
        note_code,
        dataset_id,
        area_code,
        area_name_th,
        area_name_en,
        period,
        figure,
        compared_with
    from {{ ref('int_release_findings') }}
    union all
    select 'as_of', null, null, null, null, null, null, null
),

worded as (
    select
        texts.note_order,
        texts.note_code,
        texts.kind,
        texts.severity,
        findings.dataset_id,
        texts.mart,
        findings.area_code,
        findings.period,
        {{ fill_in('texts.message_th', {
            'date_th': date_in_thai(as_of()),
            'dataset_th': 'datasets.label_th',
            'area_th': 'findings.area_name_th',
            'period': 'findings.period',
            'figure': note_figure('ไม่เกิน 7', 'ราว '),
            'compared_with': in_thousands('findings.compared_with')
        }) }} as message_th,
        {{ fill_in('texts.message_en', {
            'date_en': date_in_english(as_of()),
            'dataset_en': 'datasets.label_en',
            'area_en': 'findings.area_name_en',
            'period': 'findings.period',
            'figure': note_figure('7 or fewer', 'about '),
            'compared_with': in_thousands('findings.compared_with')
        }) }} as message_en
    from findings
    inner join texts on findings.note_code = texts.note_code
    left join datasets on findings.dataset_id = datasets.dataset_id
),

gate_failures as (
    select
        texts.note_order,
        texts.note_code,
        texts.kind,
        failures.severity,
        cast(null as text) as dataset_id,
        failures.mart,
        cast(null as text) as area_code,
        failures.expectation_id as period,
        {{ fill_in('texts.message_th', {'title': 'failures.title_th'}) }} as message_th,
        {{ fill_in('texts.message_en', {'title': 'failures.title_en'}) }} as message_en
    from {{ ref('stg_ops__gate_failures') }} as failures
    inner join texts on texts.note_code = 'gate_failure'
),

held_back as (
    select
        texts.note_order,
        texts.note_code,
        texts.kind,
        texts.severity,
        held.dataset_id,
        texts.mart,
        cast(null as text) as area_code,
        cast(null as text) as period,
        {{ fill_in('texts.message_th', {
            'dataset_th': 'datasets.label_th', 'date_th': date_in_thai('held.since_date')
        }) }} as message_th,
        {{ fill_in('texts.message_en', {
            'dataset_en': 'datasets.label_en', 'date_en': date_in_english('held.since_date')
        }) }} as message_en
    from {{ ref('stg_ops__held_back') }} as held
    inner join texts on texts.note_code = 'dataset_held_back'
    left join datasets on held.dataset_id = datasets.dataset_id
),

unioned as (
    select * from worded
    union all
    select * from held_back
    union all
    select * from gate_failures
),

final as (
    select
        cast(
            row_number() over (
                order by
                    note_order, dataset_id nulls first, area_code nulls first, period nulls first, mart nulls first,
                    message_en
            ) as integer
        ) as note_no,
        note_code,
        kind,
        severity,
        dataset_id,
        mart,
        area_code,
        case when note_code != 'gate_failure' then period end as period,
        message_th,
        message_en,
        {{ as_of() }} as as_of_date
    from unioned
)

select * from final
