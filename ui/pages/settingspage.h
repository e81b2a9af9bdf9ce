#pragma once

#include "ui/pages/page.h"
#include "ui/settings/settings.h"

class QFormLayout;
class QVBoxLayout;

namespace redrive::ui {

/// What can be set, and what Redrive is.
class SettingsPage : public Page
{
    Q_OBJECT
public:
    explicit SettingsPage(Settings &settings, QWidget *parent = nullptr);

    QString title() const override;
    void setCluster(ClusterView *) override {}
    void setShown(bool) override {}

private:
    void buildChoices(QFormLayout *form);
    void buildAbout(QVBoxLayout *column);

    Settings &m_settings;
};

} // namespace redrive::ui
