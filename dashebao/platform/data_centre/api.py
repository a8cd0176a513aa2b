"""The door of the data centre."""

from dashebao.platform.data_centre.subjects import Subject, UnknownSubject, composed, register_subject, subjects

__all__ = ["Subject", "UnknownSubject", "composed", "register_subject", "subjects"]
