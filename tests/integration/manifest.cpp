#include "tests/integration/manifest.h"

#include <QDir>
#include <QJsonValue>

#include <stdexcept>
#include <yaml-cpp/yaml.h>

namespace {

/// By the core schema of YAML, as far as manifests use it: what stands in quotes is text.
QJsonValue scalar(const YAML::Node &node)
{
    const auto text = QString::fromStdString(node.Scalar());
    if (node.Tag() == "!")
        return text;
    if (text == "true" || text == "false")
        return text == "true";
    bool isNumber = false;
    const auto number = text.toLongLong(&isNumber);
    return isNumber ? QJsonValue(number) : QJsonValue(text);
}

QJsonValue toJson(const YAML::Node &node)
{
    if (node.IsSequence()) {
        QJsonArray list;
        for (const auto &item : node)
            list.append(toJson(item));
        return list;
    }
    if (node.IsMap()) {
        QJsonObject object;
        for (const auto &member : node) {
            const auto key = QString::fromStdString(member.first.Scalar());
            if (object.contains(key))
                throw std::runtime_error("twice in one object: " + key.toStdString());
            object[key] = toJson(member.second);
        }
        return object;
    }
    return node.IsScalar() ? scalar(node) : QJsonValue();
}

QJsonValue part(QJsonValue whole, const QStringList &path)
{
    for (const auto &key : path)
        whole = whole.toObject().value(key);
    return whole;
}

} // namespace

Manifest::Manifest(const QString &file)
{
    for (const auto &document : YAML::LoadAllFromFile(file.toStdString()))
        m_documents.append(toJson(document).toObject());
    const auto data = find("ConfigMap")["data"].toObject();
    for (auto entry = data.begin(); entry != data.end(); ++entry)
        m_configuration[entry.key()] = entry.value().toString();
}

QJsonObject Manifest::find(const QString &kind) const
{
    for (const auto &document : m_documents) {
        if (document["kind"].toString() == kind)
            return document;
    }
    throw std::runtime_error("the manifest has no " + kind.toStdString());
}

QJsonObject Manifest::deployment() const
{
    return find("Deployment")["spec"].toObject();
}

QJsonObject Manifest::pod() const
{
    return part(deployment(), {"template", "spec"}).toObject();
}

QJsonObject Manifest::container() const
{
    const auto all = pod()["containers"].toArray();
    if (all.size() != 1)
        throw std::runtime_error("one container is wanted");
    return all[0].toObject();
}

QJsonObject Manifest::annotations() const
{
    return part(deployment(), {"template", "metadata", "annotations"}).toObject();
}

void Manifest::setConfiguration(const QString &key, const QString &value)
{
    if (!m_configuration.contains(key))
        throw std::runtime_error("the ConfigMap has no " + key.toStdString());
    m_configuration[key] = value;
}

void Manifest::mountBelow(const QString &directory)
{
    m_directory = directory;
    for (const auto &mount : container()["volumeMounts"].toArray())
        QDir(directory).mkpath("." + mount.toObject()["mountPath"].toString());
}

std::optional<QString> Manifest::mountOf(const QString &path) const
{
    for (const auto &mount : container()["volumeMounts"].toArray()) {
        const auto at = mount.toObject()["mountPath"].toString();
        if (path == at || path.startsWith(at + "/"))
            return m_directory + path;
    }
    return std::nullopt;
}

QString Manifest::placed(QString text) const
{
    for (const auto &mount : container()["volumeMounts"].toArray()) {
        const auto at = mount.toObject()["mountPath"].toString();
        const auto begin = text.startsWith(at + "/") ? 0 : text.indexOf("=" + at + "/");
        if (!m_directory.isEmpty() && begin >= 0)
            return text.insert(begin + (begin > 0 ? 1 : 0), m_directory);
    }
    return text;
}

QMap<QString, QString> Manifest::environment(const QMap<QString, QString> &secrets) const
{
    QMap<QString, QString> variables;
    for (const auto &source : container()["envFrom"].toArray()) {
        if (part(source, {"configMapRef", "name"}) != part(find("ConfigMap"), {"metadata", "name"}))
            throw std::runtime_error("envFrom names something that the manifest does not have");
        variables.insert(m_configuration);
    }
    for (const auto &entry : container()["env"].toArray()) {
        const auto variable = entry.toObject();
        const auto reference = variable["valueFrom"]["secretKeyRef"].toObject();
        QString value = variable["value"].toString();
        if (!reference.isEmpty()) {
            const auto key = reference["name"].toString() + "/" + reference["key"].toString();
            if (!secrets.contains(key))
                throw std::runtime_error("there is no secret " + key.toStdString());
            value = secrets[key];
        }
        variables[variable["name"].toString()] = value;
    }
    for (auto &value : variables)
        value = placed(value);
    return variables;
}

QStringList Manifest::arguments(const QMap<QString, QString> &variables) const
{
    QStringList all;
    for (const auto &argument : container()["args"].toArray()) {
        if (!argument.isString())
            throw std::runtime_error("an argument that is no text");
        auto text = placed(argument.toString());
        for (auto variable = variables.begin(); variable != variables.end(); ++variable)
            text.replace("$(" + variable.key() + ")", variable.value());
        all.append(text);
    }
    return all;
}

Probe Manifest::probe(const QString &name) const
{
    const auto said = container()[name].toObject();
    Probe probe{.path = said["httpGet"]["path"].toString(),
                .timeoutSeconds = said["timeoutSeconds"].toInt(1),
                .periodSeconds = said["periodSeconds"].toInt(10),
                .failureThreshold = said["failureThreshold"].toInt(3)};
    for (const auto &port : container()["ports"].toArray()) {
        if (part(port, {"name"}) == said["httpGet"]["port"])
            probe.port = part(port, {"containerPort"}).toInt();
    }
    return probe;
}
