from django.contrib import admin
from django.urls import path

from documents import views

urlpatterns = [
    path("", views.documents, name="documents"),
    path("documents/<int:pk>", views.download, name="download"),
    path("healthz", views.healthz),
    path("admin/", admin.site.urls),
]
