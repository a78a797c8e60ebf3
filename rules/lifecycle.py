"""Verbs, states and people: the neutral table, what a procedure makes of it, and whether somebody may do a step now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.procedure import Procedure
from rules.vocabulary import ENDED, OPEN, OrderState, State

ANYBODY = "*"
SYSTEM = "系统"
READER = "审计"
READINGS = ("report", "view", "print", "track")
"""Whose only role this is does no more than that where a document lets everybody."""
SELF = "本人"
HELPING_DEPARTMENT, HELPER = "协办部门", "协办人"
"""The departments that help now and those who help for them: there may be several of both."""
PERSONS = ("登记人", "承办人", "责任人", "调查处理人", HELPER)
RELATIONS = ("调查部门", "承办部门", "责任部门", "登记部门")
"""The departments that a case concerns, one of each."""
PLACES = (*RELATIONS, HELPING_DEPARTMENT)
"""What the ``who`` of a step may put behind a role, beside the name of a department."""

# Two names of one office; the first is what hats may carry, the second what documents say.
SAME_ROLE = {"管理员": "系统管理员"}

Relations = Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]]


@dataclass(frozen=True)
class Hat:
    """A role that a person holds in a department. The head and the deputy of a department hold 部门负责人 there."""

    role: str
    department_id: int | None = None
    department_name: str = ""


@dataclass(frozen=True)
class Step:
    """A verb as a procedure uses it. No `from_states` means that it needs no case, or any state will do."""

    verb: str
    label: str
    from_states: tuple[State, ...] = ()
    to: State | None = None
    to_when: Mapping[str, State] = field(default_factory=dict)
    who: tuple[str, ...] = ()
    order_from: tuple[OrderState, ...] = ()
    confirm: str = ""
    cites: tuple[str, ...] = ()

    def target(self, state: str | None, outcome: str | None = None) -> State | None:
        """The state after the step: by its outcome, else by the state before it, else the one it always leads to.
        None leaves the state as it is."""
        for key in (outcome, state):
            if key is not None and key in self.to_when:
                return self.to_when[key]
        return self.to


@dataclass(frozen=True)
class Permission:
    """Whether a step may be done. `reason` is the full sentence; `text` and `values` are the same for translation."""

    ok: bool
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return self.text.format(**self.values)


YES = Permission(True)

_DESK = ("受理人@调查部门", "调查处理人@调查部门", "部门负责人@调查部门")
_INVESTIGATORS = ("调查处理人@调查部门", "部门负责人@调查部门")
_HANDLERS = ("承办人@承办部门", "承办人本人", "部门负责人@承办部门")
_HELPERS = ("承办人@协办部门", "协办人本人", "部门负责人@协办部门")
_HEAD = ("部门负责人@调查部门",)
_UNTIL_ARCHIVED = (*OPEN, State.CLOSED)
_ANY: tuple[State, ...] = ()


States = tuple[State, ...]


def _step(verb: str, label: str, who: tuple[str, ...], states: States = OPEN, to: State | None = None) -> Step:
    return Step(verb, label, states, to, who=who)


NEUTRAL: Mapping[str, Step] = {
    step.verb: step
    for step in (
        _step("register", "登记", ("受理人", "调查处理人"), _ANY, State.REGISTERED),
        _step("accept", "受理", (*_DESK, "登记人本人")),
        _step("decline", "不予受理", _INVESTIGATORS, (State.REGISTERED, State.ACCEPTED), State.DECLINED),
        _step("update", "修改信息", (*_DESK, "登记人本人")),
        _step("verify_identity", "核实身份", _DESK),
        _step("link", "关联", (*_DESK, "登记人本人"), _UNTIL_ARCHIVED),
        _step("dispatch", "派单", _DESK, to=State.DISPATCHED),
        _step("sign_for", "接单", _HANDLERS, (State.DISPATCHED,), State.HANDLING),
        _step("return_dispatch", "退单", _HANDLERS, (State.DISPATCHED, State.HANDLING), State.GRADED),
        _step("transfer", "转办", _DESK),
        _step("rejudge", "申请重新判定", _HANDLERS),
        _step("add_codepartment", "增加协办部门", _INVESTIGATORS),
        _step("sign_help", "接受协办", _HELPERS),
        _step("finish_help", "完成协办", _HELPERS),
        _step("return_help", "退回协办", _HELPERS),
        _step("cancel_help", "取消协办", _INVESTIGATORS),
        _step("form_team", "组成处理小组", _INVESTIGATORS),
        _step("investigate", "调查", _INVESTIGATORS),
        _step("attach", "添加附件", (*_DESK, *_HANDLERS, "登记人本人"), _UNTIL_ARCHIVED),
        _step("file_item", "归档资料", ("受理人", "调查处理人", "部门负责人"), (State.CLOSED, State.ARCHIVED)),
        _step("replace_item", "换新版", ("受理人", "调查处理人", "部门负责人"), _ANY),
        _step("withdraw_item", "撤下资料", ("部门负责人",), _ANY),
        _step("cite_item", "引用资料", (*_DESK, *_HANDLERS, "登记人本人"), _UNTIL_ARCHIVED),
        _step("uncite_item", "取消引用", (*_DESK, *_HANDLERS, "登记人本人"), _UNTIL_ARCHIVED),
        _step("site_visit", "现场查看", (*_INVESTIGATORS, *_HANDLERS)),
        _step("judge", "责任判定", _INVESTIGATORS),
        _step("communicate", "沟通记录", (*_DESK, *_HANDLERS, "登记人本人")),
        _step("coordinate", "外部协调", (*_DESK, *_HANDLERS)),
        _step("propose", "制定方案", _INVESTIGATORS),
        _step("review", "联合审核", (ANYBODY,)),
        _step("submit", "提交审批", _INVESTIGATORS),
        _step("approve", "批准", ("公司领导", "部门负责人")),
        _step("reject", "驳回", ("公司领导", "部门负责人")),
        _step("reply", "方案回复客户", _DESK),
        _step("record_acceptance", "记录客户意见", _DESK),
        _step("implement", "实施", (*_INVESTIGATORS, *_HANDLERS)),
        _step("feedback", "结果反馈", _DESK),
        _step("compensate", "补偿", _INVESTIGATORS),
        _step("decide", "处理决定", _INVESTIGATORS),
        _step("issue_order", "开具督办处理单", _INVESTIGATORS, to=State.HANDLING),
        _step("sign_order", "签收督办处理单", ("部门负责人@承办部门",)),
        _step("submit_correction", "提交情况表", _HANDLERS, to=State.REPORTED_BACK),
        _step("check_effect", "效果确认", _INVESTIGATORS),
        _step("urge", "催办", (*_INVESTIGATORS, SYSTEM)),
        _step("add_measure", "制定改进措施", _INVESTIGATORS, _UNTIL_ARCHIVED),
        _step("approve_measure", "批准改进措施", _HEAD, _UNTIL_ARCHIVED),
        _step("implement_measure", "落实改进措施", (*_INVESTIGATORS, "部门负责人", "承办人"), _UNTIL_ARCHIVED),
        _step("verify_measure", "验证改进措施", _INVESTIGATORS, _UNTIL_ARCHIVED),
        _step("open_work_order", "开维修单", _DESK),
        _step("quote", "报价", (*_DESK, *_HANDLERS)),
        _step("consent", "客户同意", (*_DESK, *_HANDLERS)),
        _step("assign_crew", "派工", _HANDLERS),
        _step("finish_work", "完工", _HANDLERS),
        _step("sign_work", "客户签字", _HANDLERS),
        _step("return_work", "返单", _HANDLERS),
        _step("verify_work", "验证维修", _DESK),
        _step("charge", "收费", (*_DESK, *_HANDLERS)),
        _step("visit", "回访", _DESK),
        _step("confirm", "客户确认", _DESK, (State.REPORTED_BACK, State.AWAITING_VISIT, State.AWAITING_CONFIRMATION)),
        _step("close", "结案", _INVESTIGATORS, to=State.CLOSED),
        _step("archive", "归档", _INVESTIGATORS, (State.CLOSED,), State.ARCHIVED),
        _step("reopen", "重新处理", _INVESTIGATORS, to=State.REDOING),
        _step("withdraw", "撤诉", (*_DESK, "登记人本人"), to=State.WITHDRAWN),
        _step("void", "作废", ("系统管理员",), tuple(s for s in State if s is not State.VOID), State.VOID),
        _step("pause", "挂起", _INVESTIGATORS, tuple(s for s in OPEN if s is not State.SUSPENDED), State.SUSPENDED),
        _step("decide_pause", "审批挂起", (ANYBODY,)),
        _step("resume", "恢复", _INVESTIGATORS, (State.SUSPENDED,)),
        _step("request_extension", "申请延期", (*_HANDLERS, *_INVESTIGATORS)),
        _step("decide_extension", "审批延期", _HEAD),
        _step("escalate", "升级", (*_INVESTIGATORS, SYSTEM)),
        _step("change_grade", "调整级别", _INVESTIGATORS),
        _step("start_clock", "启动时限", _DESK),
        _step("fill_document", "填写文书", (ANYBODY,), _UNTIL_ARCHIVED),
        _step("sign_document", "签署文书", (ANYBODY,), _UNTIL_ARCHIVED),
        _step("issue_receipt", "出具回执", _DESK),
        _step("propose_assessment", "提出考核意见", _INVESTIGATORS, _UNTIL_ARCHIVED),
        _step("decide_assessment", "审批考核意见", ("部门负责人", "公司领导"), _UNTIL_ARCHIVED),
        _step("inspect", "服务质量检查", ("调查处理人", "部门负责人"), _ANY),
        _step("add_nonconformity", "登记不合格", ("调查处理人", "部门负责人"), _ANY),
        _step("recheck", "复查", ("调查处理人", "部门负责人"), _ANY),
        _step("survey", "满意度调查", ("受理人", "调查处理人"), _ANY),
        _step("train", "培训", ("部门负责人", "系统管理员"), _ANY),
        _step("praise", "表彰", ("部门负责人", "公司领导"), _ANY),
        _step("circulate", "通报", ("部门负责人", "调查处理人"), _ANY),
        _step("report", "统计报表", (ANYBODY, SYSTEM), _ANY),
        _step("view", "查看", (ANYBODY, SYSTEM), _ANY),
        _step("print", "打印", (ANYBODY, SYSTEM), _ANY),
        _step("save_customer", "客户档案", ("受理人", "调查处理人"), _ANY),
        _step("receive_visitor", "来访登记", ("受理人",), _ANY),
        _step("set_calendar", "维护工作日历", ("系统管理员",), _ANY),
        _step("activate", "启用制度", ("系统管理员",), _ANY),
        _step("sweep", "到期扫描", (SYSTEM, "系统管理员"), _ANY),
        _step("track", "进度查询", (ANYBODY, SYSTEM), _ANY),
    )
}


def step_for(procedure: Procedure, verb: str) -> Step | None:
    """The verb as this procedure uses it, its own row over the neutral one; None when it is switched off."""
    row, base = procedure.step(verb), NEUTRAL.get(verb)
    if row is None or base is None:
        return None
    return Step(
        verb=verb,
        label=row.label or base.label,
        from_states=base.from_states if row.from_states is None else row.from_states,
        to=base.to if row.to is None and not row.to_when else row.to,
        to_when=row.to_when or base.to_when,
        who=procedure.head.bearers(base.who) if row.who is None else row.who,
        order_from=row.order_from,
        confirm=row.confirm,
        cites=row.cites,
    )


def speaks_of_help(who: Iterable[str]) -> bool:
    """Whether any of the entitlements is of those who help: only then it is asked who they are."""
    return any(entry == f"{HELPER}{SELF}" or entry.endswith(f"@{HELPING_DEPARTMENT}") for entry in who)


def working(procedure: Procedure) -> tuple[str, ...]:
    """Whose work a case is: the desks of the departments that it concerns, and who took it, investigates or handles.

    Who only helps is told what he is asked for; the complainant's own data stay masked for him.
    """
    roles = ("受理人", "调查处理人", "承办人", "部门负责人")
    desks = (f"{role}@{place}" for role in roles for place in RELATIONS)
    return (*procedure.head.bearers(desks), "登记人本人", "承办人本人", "调查处理人本人")


ASIDE = (State.SUSPENDED, State.REDOING, State.DECLINED, State.WITHDRAWN, State.TRANSFERRED_OUT, State.VOID)
"""States that are no progress."""
_COURSE = tuple(state for state in State if state not in ASIDE)


def onward(step: Step | None, state: str) -> int | None:
    """How far along its course the step takes a case in this state at the least, or back onto it; None when it leads
    to no later state."""
    if step is None:
        return None
    targets = {step.target(state), *(to for outcome, to in step.to_when.items() if outcome not in tuple(State))}
    first = _COURSE.index(State(state)) + 1 if state in _COURSE else 0
    return next((place for place, later in enumerate(_COURSE) if place >= first and later in targets), None)


def permit(
    step: Step | None,
    *,
    state: str | None,
    hats: Iterable[Hat],
    relations: Relations,
    person: int | None,
    order_state: str | None = None,
) -> Permission:
    """Whether the step may be done in this state by the person who wears these hats; `person` None is the system.
    `relations` maps 调查部门, 承办部门, … and 登记人, 承办人, … to ids and names."""
    if step is None:
        return Permission(False, "本制度不办理这一项")
    if state is not None and step.from_states and state not in step.from_states:
        return Permission(False, "{state},不能{action}", {"state": _state_words(state), "action": step.label})
    if step.order_from and order_state is not None and order_state not in step.order_from:
        return Permission(False, "督办处理单{state},不能{action}", {"state": order_state, "action": step.label})
    worn = tuple(hats)
    who = entitled(step, worn)
    if step.who and not who:
        return Permission(False, "{role}只看,不办理", {"role": READER})
    return may(who, hats=worn, relations=relations, person=person)


def entitled(step: Step, hats: Iterable[Hat]) -> tuple[str, ...]:
    """Who may, as far as it can be somebody with these hats: who is there to read alone is not everybody (审计)."""
    reads = {hat.role for hat in hats} == {READER} and step.verb not in READINGS
    return tuple(entry for entry in step.who if not (reads and entry == ANYBODY))


def may(who: Iterable[str], *, hats: Iterable[Hat], relations: Relations, person: int | None) -> Permission:
    """Whether one of the entitlements fits: of a step, of a form. No entitlement at all lets nobody in."""
    worn, entitled = tuple(hats), tuple(who)
    if any(_fits(entry, worn, relations, person) for entry in entitled):
        return YES
    return Permission(False, "须由{who}办理", {"who": entitlement(entitled, relations)})


def _state_words(state: str) -> str:
    return state if state in ENDED else f"案件{state}"


def _fits(entry: str, hats: tuple[Hat, ...], relations: Relations, person: int | None) -> bool:
    if entry == SYSTEM:
        return person is None
    if entry == ANYBODY:
        return person is not None
    if entry.endswith(SELF):
        return person is not None and person in relations.get(entry.removesuffix(SELF), ((), ()))[0]
    role, _, place = entry.partition("@")
    return any(_wears(hat, role) and (not place or _there(hat, place, relations)) for hat in hats)


def _wears(hat: Hat, role: str) -> bool:
    return SAME_ROLE.get(hat.role, hat.role) == SAME_ROLE.get(role, role)


def _there(hat: Hat, place: str, relations: Relations) -> bool:
    if place in PLACES:
        return hat.department_id is not None and hat.department_id in relations.get(place, ((), ()))[0]
    return hat.department_name == place


def entitlement(who: Iterable[str], relations: Relations) -> str:
    """Who may, in words: `人力资源行政部的调查处理人或部门负责人、系统管理员`."""
    by_place: dict[str, list[str]] = {}
    for entry in who:
        if entry == SYSTEM:
            continue
        role, _, place = entry.partition("@")
        roles = by_place.setdefault(_place_words(place, relations), [])
        if (words := _role_words(role, relations)) not in roles:
            roles.append(words)
    groups = [f"{place}的{'或'.join(roles)}" if place else "、".join(roles) for place, roles in by_place.items()]
    return "、".join(groups) or SYSTEM


def _place_words(place: str, relations: Relations) -> str:
    if place not in PLACES:
        return place
    return "、".join(relations.get(place, ((), ()))[1]) or place


def _role_words(role: str, relations: Relations) -> str:
    if role == ANYBODY:
        return "本单位人员"
    if role.endswith(SELF):
        names = relations.get(role.removesuffix(SELF), ((), ()))[1]
        return role + (f"({'、'.join(names)})" if names else "")
    return role
