from django.urls import path

from archives import web

app_name = "archives"
urlpatterns = [path("verify/<str:check_code>/", web.verify, name="verify")]
