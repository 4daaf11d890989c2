from cases.models.benefit import Benefit, BenefitTerm
from cases.models.case import Case, CaseSeries, CaseStage, Household, HouseholdMember
from cases.models.decision import Decision, Delivery, Frozen, Signature, SigningSitting
from cases.models.evidence import (
    Authorization,
    EconomicCheck,
    Material,
    MaterialFile,
    MissingNotice,
    Survey,
    SurveyInvestigator,
    SurveyPhoto,
)
from cases.models.household import CaseMember, EconomicItem
from cases.models.review import Assessment, Objection, Publicity, PublicityInterruption, PublicityPhoto

__all__ = [
    "Assessment",
    "Authorization",
    "Benefit",
    "BenefitTerm",
    "Case",
    "CaseMember",
    "CaseSeries",
    "CaseStage",
    "Decision",
    "Delivery",
    "EconomicCheck",
    "EconomicItem",
    "Frozen",
    "Household",
    "HouseholdMember",
    "Material",
    "MaterialFile",
    "MissingNotice",
    "Objection",
    "Publicity",
    "PublicityInterruption",
    "PublicityPhoto",
    "Signature",
    "SigningSitting",
    "Survey",
    "SurveyInvestigator",
    "SurveyPhoto",
]
