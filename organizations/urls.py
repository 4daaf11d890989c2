"""Addresses of administration and of one's own posts and second factor."""

from django.urls import path

from organizations.web import clients, own, persons, places, security

app_name = "organizations"

urlpatterns = [
    path("post/", own.choose_post, name="choose-post"),
    path("second-factor/", own.second_factor_page, name="second-factor"),
    path("second-factor/drop/", own.second_factor_drop, name="second-factor-drop"),
    path("second-factor/check/", own.second_factor_check, name="second-factor-check"),
    path("", places.areas, name="areas"),
    path("areas/add/", places.area_add, name="area-add"),
    path("areas/<int:area_id>/recode/", places.area_recode, name="area-recode"),
    path("offices/", places.offices, name="offices"),
    path("offices/add/", places.office_add, name="office-add"),
    path("offices/<int:office_id>/", places.office_edit, name="office-edit"),
    path("offices/<int:office_id>/close/", places.office_close, name="office-close"),
    path("users/", persons.users, name="users"),
    path("users/add/", persons.user_add, name="user-add"),
    path("users/<int:user_id>/", persons.user, name="user"),
    path("users/<int:user_id>/active/", persons.user_active, name="user-active"),
    path("users/<int:user_id>/password/", persons.user_password, name="user-password"),
    path("users/<int:user_id>/hand-over/", persons.user_hand_over, name="user-hand-over"),
    path("appointments/add/", persons.appoint, name="appoint"),
    path("appointments/<int:appointment_id>/end/", persons.end_appointment, name="end-appointment"),
    path("responsibilities/", persons.responsibilities, name="responsibilities"),
    path("responsibilities/<int:responsibility_id>/end/", persons.end_responsibility, name="end-responsibility"),
    path("delegations/", persons.delegations, name="delegations"),
    path("delegations/<int:delegation_id>/end/", persons.end_delegation, name="end-delegation"),
    path("clients/", clients.clients, name="clients"),
    path("clients/add/", clients.client_add, name="client-add"),
    path("clients/<int:client_id>/secret/", clients.client_secret, name="client-secret"),
    path("clients/<int:client_id>/end/", clients.client_end, name="client-end"),
    path("locked/", security.locked, name="locked"),
    path("locked/<int:user_id>/unlock/", security.unlock, name="unlock"),
    path("second-factor/lost/", security.second_factor_lost, name="second-factor-lost"),
    path("tasks/", security.tasks, name="tasks"),
]
