#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

/// An httpGet probe.
struct Probe
{
    QString path;
    int port = 0;
    int timeoutSeconds = 1;
    int periodSeconds = 10;
    int failureThreshold = 3;

    int patienceMs() const { return periodSeconds * failureThreshold * 1000; }
};

/// deploy/kubernetes.yaml as a cluster would read it: one Deployment of one container, with a
/// ConfigMap. Throws std::runtime_error (YAML::Exception) where it is none.
class Manifest
{
public:
    explicit Manifest(const QString &file);

    QJsonObject deployment() const; ///< its spec
    QJsonObject pod() const;        ///< the spec of its pods
    QJsonObject container() const;
    QJsonObject annotations() const; ///< of its pods

    /// Another value for a key of the ConfigMap, as somebody who deploys it writes there.
    void setConfiguration(const QString &key, const QString &value);
    /// Gives each volume a folder below this one, and makes those; paths of arguments and variables
    /// lead there from now on.
    void mountBelow(const QString &directory);
    /// Where a path of the container lies: none where no volume is mounted over it.
    std::optional<QString> mountOf(const QString &path) const;

    /// Secrets as `secret/key` → value.
    QMap<QString, QString> environment(const QMap<QString, QString> &secrets) const;
    /// With $(NAME) expanded where there is such a variable.
    QStringList arguments(const QMap<QString, QString> &variables) const;
    Probe probe(const QString &name) const;

private:
    QJsonObject find(const QString &kind) const;
    QString placed(QString text) const;

    QList<QJsonObject> m_documents;
    QMap<QString, QString> m_configuration;
    QString m_directory;
};
