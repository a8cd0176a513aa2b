"""The words of messages, of verbs in the access log and of what people call a service."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LETTER_TITLES: dict[str, Promise | str] = {
    "receipt": _("We have received your application"),
    "acceptance": _("Your application is accepted"),
    "correction": _("Please complete your application"),
    "not_accepted": _("Your application was not accepted"),
    "suspension": _("Your case is suspended"),
    "extension": _("Your case takes longer"),
    "grant": _("Your application is granted"),
    "refusal": _("Your application is refused"),
    "withdrawal": _("Your application is withdrawn"),
    "lapse": _("Your application counts as withdrawn"),
}

TOLD: dict[str, tuple[Promise | str, Promise | str]] = {
    "mandate": (
        _("%(name)s asks you to act as agent"),
        _("%(name)s wants you to apply for services in that person's name. Accept or decline under “Agents”."),
    ),
    "mandate_accepted": (
        _("%(name)s accepted your mandate"),
        _(
            "From now on %(name)s may apply for the services you chose. You see every step under “Agents” and in your access log."
        ),
    ),
    "mandate_declined": (
        _("%(name)s does not act for you"),
        _("%(name)s declined or gave up your mandate and no longer sees your cases."),
    ),
    "mandate_revoked": (
        _("%(name)s revoked your mandate"),
        _("You no longer act for %(name)s and no longer see that person's cases."),
    ),
    "joint": (
        _("%(name)s asks you to confirm an application"),
        _(
            "%(name)s began “%(item)s” together with you. It is handed in when you have confirmed it. Read the answers first."
        ),
    ),
    "joint_declined": (
        _("%(name)s did not confirm your application"),
        _("“%(item)s” was not handed in because %(name)s declined. You can begin again at any time."),
    ),
    "joint_submitted": (
        _("Your joint application is handed in"),
        _("Everybody confirmed “%(item)s”. The case number is %(case_no)s."),
    ),
    "rating_answered": (
        _("The office answered your rating"),
        _("The office wrote about your rating of “%(item)s”: %(answer)s"),
    ),
}

ACTS: dict[str, Promise | str] = {
    "person.viewed": _("Opened your record"),
    "person.history_viewed": _("Read the history of your record"),
    "person.number_shown": _("Looked at your whole ID number"),
    "identity.signed_in": _("Signed in to your account"),
    "identity.signed_out": _("Signed out of your account"),
    "identity.sign_in_refused": _("Tried to sign in to your account and was refused"),
    "identity.password_changed": _("Changed the password of your account"),
    "identity.second_factor_started": _("Set up a second factor for your account"),
    "cases.submitted": _("Handed in an application for you"),
    "cases.taken": _("Took your case to work on it"),
    "cases.released": _("Gave your case back to the team"),
    "cases.accepted": _("Accepted your application"),
    "cases.signed": _("Signed a step of your case"),
    "cases.step_done": _("Finished a step of your case"),
    "cases.correction_asked": _("Asked you to complete your application"),
    "cases.correction_answered": _("Completed your application"),
    "cases.papers_added": _("Added papers to your case"),
    "cases.paper_read": _("Opened a paper of your case"),
    "cases.returned": _("Sent your case back to an earlier step"),
    "cases.suspended": _("Suspended your case"),
    "cases.resumed": _("Resumed your case"),
    "cases.extended": _("Extended the time limit of your case"),
    "cases.confirmed": _("Confirmed your application"),
    "cases.withdrawn": _("Withdrew your application"),
    "cases.agent_left": _("Ended the agent's part in your case"),
    "cases.granted": _("Granted your application"),
    "cases.refused": _("Refused your application"),
    "cases.not_accepted": _("Did not accept your application"),
    "cases.delivered": _("Delivered the result of your case"),
    "cases.closed": _("Closed and archived your case"),
    "registry.person_registered": _("Registered you"),
    "registry.person_changed": _("Changed your personal data"),
    "registry.number_changed": _("Changed your ID number"),
    "registry.bank_account_set": _("Set your bank account"),
    "registry.fact_recorded": _("Recorded a fact about you"),
    "registry.fact_ended": _("Ended a fact about you"),
    "pension.awarded": _("Calculated your pension"),
    "pension.category_decided": _("Decided your kind of post"),
    "qualification.proven": _("Recorded your yearly proof of life"),
    "residents.awarded": _("Calculated your residents' pension"),
    "residents.enrolled": _("Enrolled you in the residents' pension"),
    "residents.year_paid": _("Recorded your payment of the year"),
    "portal.mandate_offered": _("Offered a mandate to an agent"),
    "portal.mandate_accepted": _("Accepted your mandate as agent"),
    "portal.mandate_declined": _("Declined or gave up your mandate"),
    "portal.mandate_revoked": _("Revoked the agent's mandate"),
    "portal.joint_begun": _("Began an application together with you"),
    "portal.joint_confirmed": _("Confirmed a joint application"),
    "portal.joint_declined": _("Declined a joint application"),
    "portal.rated": _("Rated a case"),
    "portal.rating_answered": _("Answered your rating"),
    "portal.profile_changed": _("Changed the settings of the portal"),
}

AREAS: dict[str, Promise | str] = {
    "cases": _("Worked on your case"),
    "identity": _("Worked on your account"),
    "registry": _("Worked on your record"),
    "levy": _("Worked on your contributions"),
    "pension": _("Worked on your pension"),
    "benefit": _("Worked on your benefit"),
    "qualification": _("Worked on your benefit"),
    "overpayment": _("Worked on money paid to you in excess"),
    "residents": _("Worked on your residents' pension"),
    "fund": _("Worked on a payment to you"),
    "papers": _("Issued or checked a paper of yours"),
    "portal": _("Used the portal"),
}


def act_name(verb: str) -> str:
    """What an act of the trail was, in words for the person concerned."""
    return str(ACTS.get(verb) or AREAS.get(verb.split(".")[0]) or pgettext_lazy("access log", "Worked with your data"))
